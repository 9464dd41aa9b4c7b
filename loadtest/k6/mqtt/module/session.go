// An MQTT 5 session over one TCP connection, as a script needs it: every call waits for its answer, and what subscribers
// get is kept until the script asks for it.
package module

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/eclipse/paho.golang/packets"
)

const (
	// A script that doesn't take what it subscribed to stops its own reading, and with it the server, here.
	waitingMax = 10_000
	// From here on a reason code refuses (MQTT 5 §2.4).
	firstRefusal = 0x80
)

type session struct {
	conn     net.Conn
	limit    time.Duration
	write    sync.Mutex
	mu       sync.Mutex
	nextID   uint16
	awaited  map[uint16]chan *packets.ControlPacket
	inbound  chan *packets.Publish
	held     map[uint16]struct{}
	ended    chan struct{}
	endOnce  sync.Once
	endCause error
}

func dial(ctx context.Context, address string, limit time.Duration) (*session, error) {
	dialer := net.Dialer{Timeout: limit}
	conn, err := dialer.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return &session{
		conn:    conn,
		limit:   limit,
		awaited: map[uint16]chan *packets.ControlPacket{},
		inbound: make(chan *packets.Publish, waitingMax),
		held:    map[uint16]struct{}{},
		ended:   make(chan struct{}),
	}, nil
}

// connect sends CONNECT and waits for CONNACK; answers whether the server had the session.
func (s *session) connect(facts *packets.Connect) (bool, error) {
	if err := s.send(facts); err != nil {
		return false, err
	}
	_ = s.conn.SetReadDeadline(time.Now().Add(s.limit))
	packet, err := packets.ReadPacket(s.conn)
	if err != nil {
		return false, err
	}
	_ = s.conn.SetReadDeadline(time.Time{})
	connack, ok := packet.Content.(*packets.Connack)
	if !ok {
		return false, fmt.Errorf("the server answered CONNECT with a packet of type %d", packet.Type)
	}
	if connack.ReasonCode >= firstRefusal {
		return false, fmt.Errorf("refused: 0x%02x %s", connack.ReasonCode, connack.Reason())
	}
	go s.read()
	if facts.KeepAlive > 0 {
		go s.ping(time.Duration(facts.KeepAlive) * time.Second / 2)
	}
	return connack.SessionPresent, nil
}

func (s *session) send(content packets.Packet) error {
	s.write.Lock()
	defer s.write.Unlock()
	_ = s.conn.SetWriteDeadline(time.Now().Add(s.limit))
	_, err := content.WriteTo(s.conn)
	return err
}

// ask sends what takes a packet identifier and waits for its answer.
func (s *session) ask(make func(id uint16) packets.Packet) (*packets.ControlPacket, error) {
	id, answer := s.await()
	if id == 0 {
		return nil, errors.New("all packet identifiers are taken")
	}
	defer s.forget(id)
	if err := s.send(make(id)); err != nil {
		return nil, err
	}
	return s.answer(answer)
}

func (s *session) answer(from chan *packets.ControlPacket) (*packets.ControlPacket, error) {
	timer := time.NewTimer(s.limit)
	defer timer.Stop()
	select {
	case packet := <-from:
		return packet, nil
	case <-s.ended:
		return nil, fmt.Errorf("the connection ended: %w", s.endCause)
	case <-timer.C:
		return nil, fmt.Errorf("no answer within %s", s.limit)
	}
}

func (s *session) await() (uint16, chan *packets.ControlPacket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range 65_535 {
		s.nextID++
		if s.nextID == 0 {
			s.nextID = 1
		}
		if _, taken := s.awaited[s.nextID]; !taken {
			answer := make(chan *packets.ControlPacket, 2)
			s.awaited[s.nextID] = answer
			return s.nextID, answer
		}
	}
	return 0, nil
}

func (s *session) forget(id uint16) {
	s.mu.Lock()
	delete(s.awaited, id)
	s.mu.Unlock()
}

func (s *session) publish(topic string, payload []byte, qos byte, retain bool) error {
	packet := &packets.Publish{Topic: topic, Payload: payload, QoS: qos, Retain: retain, Properties: &packets.Properties{}}
	if qos == 0 {
		return s.send(packet)
	}
	id, answer := s.await()
	if id == 0 {
		return errors.New("all packet identifiers are taken")
	}
	defer s.forget(id)
	packet.PacketID = id
	if err := s.send(packet); err != nil {
		return err
	}
	first, err := s.answer(answer)
	if err != nil {
		return err
	}
	switch content := first.Content.(type) {
	case *packets.Puback:
		return refusal(content.ReasonCode)
	case *packets.Pubrec:
		if err := refusal(content.ReasonCode); err != nil {
			return err
		}
		if err := s.send(&packets.Pubrel{PacketID: id, Properties: &packets.Properties{}}); err != nil {
			return err
		}
		last, err := s.answer(answer)
		if err != nil {
			return err
		}
		if pubcomp, ok := last.Content.(*packets.Pubcomp); ok {
			return refusal(pubcomp.ReasonCode)
		}
	}
	return errors.New("an answer of another kind")
}

func refusal(code byte) error {
	if code >= firstRefusal {
		return fmt.Errorf("refused: 0x%02x", code)
	}
	return nil
}

func (s *session) read() {
	for {
		packet, err := packets.ReadPacket(s.conn)
		if err == nil {
			err = s.take(packet)
		}
		if err != nil {
			s.end(err)
			return
		}
	}
}

func (s *session) take(packet *packets.ControlPacket) error {
	switch content := packet.Content.(type) {
	case *packets.Publish:
		return s.receive(content)
	case *packets.Pubrel:
		s.mu.Lock()
		delete(s.held, content.PacketID)
		s.mu.Unlock()
		return s.send(&packets.Pubcomp{PacketID: content.PacketID, Properties: &packets.Properties{}})
	case *packets.Puback, *packets.Pubrec, *packets.Pubcomp, *packets.Suback, *packets.Unsuback:
		s.mu.Lock()
		answer := s.awaited[packet.PacketID()]
		s.mu.Unlock()
		if answer != nil {
			answer <- packet
		}
	case *packets.Disconnect:
		return fmt.Errorf("the server disconnects: 0x%02x", content.ReasonCode)
	}
	return nil
}

// receive keeps a message for the script, then acknowledges it. QoS 2 is kept once, by its identifier.
func (s *session) receive(publish *packets.Publish) error {
	if publish.QoS == 2 {
		s.mu.Lock()
		_, again := s.held[publish.PacketID]
		s.held[publish.PacketID] = struct{}{}
		s.mu.Unlock()
		if again {
			return s.send(&packets.Pubrec{PacketID: publish.PacketID, Properties: &packets.Properties{}})
		}
	}
	select {
	case s.inbound <- publish:
	case <-s.ended:
		return s.endCause
	}
	switch publish.QoS {
	case 1:
		return s.send(&packets.Puback{PacketID: publish.PacketID, Properties: &packets.Properties{}})
	case 2:
		return s.send(&packets.Pubrec{PacketID: publish.PacketID, Properties: &packets.Properties{}})
	}
	return nil
}

func (s *session) ping(every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if err := s.send(&packets.Pingreq{}); err != nil {
				s.end(err)
				return
			}
		case <-s.ended:
			return
		}
	}
}

func (s *session) end(cause error) {
	s.endOnce.Do(func() {
		s.endCause = cause
		close(s.ended)
		_ = s.conn.Close()
	})
}

// Package module is what scripts import as k6/x/mqtt: clients whose calls wait for the server's answer, and the figures
// of their waiting. A client belongs to the virtual user that made it.
package module

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/eclipse/paho.golang/packets"
	"github.com/grafana/sobek"
	"go.k6.io/k6/js/common"
	"go.k6.io/k6/js/modules"
	"go.k6.io/k6/metrics"
)

const (
	defaultPort      = "1883"
	defaultLimit     = 10 * time.Second
	defaultKeepAlive = 60
	ackMetric        = "mqtt_ack_duration"
	connectMetric    = "mqtt_connect_duration"
	sentMetric       = "mqtt_messages_sent"
	receivedMetric   = "mqtt_messages_received"
)

func init() {
	modules.Register("k6/x/mqtt", new(root))
}

type root struct{}

type figures struct {
	ack, connect, sent, received *metrics.Metric
}

type instance struct {
	vu      modules.VU
	figures figures
}

// NewModuleInstance is called once for each virtual user.
func (*root) NewModuleInstance(vu modules.VU) modules.Instance {
	registry := vu.InitEnv().Registry
	return &instance{vu: vu, figures: figures{
		ack:      registry.MustNewMetric(ackMetric, metrics.Trend, metrics.Time),
		connect:  registry.MustNewMetric(connectMetric, metrics.Trend, metrics.Time),
		sent:     registry.MustNewMetric(sentMetric, metrics.Counter),
		received: registry.MustNewMetric(receivedMetric, metrics.Counter),
	}}
}

// Exports names the constructor.
func (i *instance) Exports() modules.Exports {
	return modules.Exports{Named: map[string]any{"Client": i.newClient}}
}

// clientOptions are the constructor's: { url, clientId, username, password, cleanStart, sessionExpiryS, keepAliveS, timeoutMs }.
type clientOptions struct {
	URL            string `js:"url"`
	ClientID       string `js:"clientId"`
	Username       string `js:"username"`
	Password       string `js:"password"`
	CleanStart     *bool  `js:"cleanStart"`
	SessionExpiryS uint32 `js:"sessionExpiryS"`
	KeepAliveS     uint16 `js:"keepAliveS"`
	TimeoutMs      int64  `js:"timeoutMs"`
}

type client struct {
	instance *instance
	options  clientOptions
	limit    time.Duration
	session  *session
}

func (i *instance) newClient(call sobek.ConstructorCall) *sobek.Object {
	runtime := i.vu.Runtime()
	made := &client{instance: i, limit: defaultLimit}
	if err := runtime.ExportTo(call.Argument(0), &made.options); err != nil {
		common.Throw(runtime, fmt.Errorf("mqtt.Client takes an object of options: %w", err))
	}
	if made.options.TimeoutMs > 0 {
		made.limit = time.Duration(made.options.TimeoutMs) * time.Millisecond
	}
	return runtime.ToValue(made).ToObject(runtime)
}

// Connect opens the connection; answers whether the server had kept the session.
func (c *client) Connect() (bool, error) {
	target, err := url.Parse(c.options.URL)
	if err != nil || target.Scheme != "mqtt" {
		return false, fmt.Errorf("%q is no mqtt:// address", c.options.URL)
	}
	port := target.Port()
	if port == "" {
		port = defaultPort
	}
	begun := time.Now()
	opened, err := dial(c.context(), target.Hostname()+":"+port, c.limit)
	if err != nil {
		return false, err
	}
	present, err := opened.connect(c.connectPacket())
	if err != nil {
		opened.end(err)
		return false, err
	}
	// It outlives the iteration, whose end is that of its context; the process's end is the last it waits for.
	c.session = opened
	c.push(c.instance.figures.connect, milliseconds(time.Since(begun)), nil)
	return present, nil
}

func (c *client) connectPacket() *packets.Connect {
	keepAlive := c.options.KeepAliveS
	if keepAlive == 0 {
		keepAlive = defaultKeepAlive
	}
	packet := &packets.Connect{
		ProtocolName:    "MQTT",
		ProtocolVersion: 5,
		ClientID:        c.options.ClientID,
		CleanStart:      c.options.CleanStart == nil || *c.options.CleanStart,
		KeepAlive:       keepAlive,
		UsernameFlag:    c.options.Username != "",
		Username:        c.options.Username,
		PasswordFlag:    c.options.Password != "",
		Password:        []byte(c.options.Password),
		Properties:      &packets.Properties{},
	}
	if c.options.SessionExpiryS > 0 {
		packet.Properties.SessionExpiryInterval = &c.options.SessionExpiryS
	}
	return packet
}

type publishOptions struct {
	QoS    byte `js:"qos"`
	Retain bool `js:"retain"`
}

// Publish sends one message and waits until it is acknowledged as its QoS says; answers the milliseconds of that, 0 at QoS 0.
func (c *client) Publish(topic string, payload sobek.Value, given sobek.Value) (float64, error) {
	opened, err := c.opened()
	if err != nil {
		return 0, err
	}
	var options publishOptions
	if given != nil && !sobek.IsUndefined(given) {
		if err := c.instance.vu.Runtime().ExportTo(given, &options); err != nil {
			return 0, err
		}
	}
	if options.QoS > 2 {
		return 0, fmt.Errorf("there is no QoS %d", options.QoS)
	}
	bytes, err := common.ToBytes(payload.Export())
	if err != nil {
		return 0, err
	}
	begun := time.Now()
	if err := opened.publish(topic, bytes, options.QoS, options.Retain); err != nil {
		return 0, err
	}
	took := milliseconds(time.Since(begun))
	tags := map[string]string{"qos": string('0' + options.QoS)}
	c.push(c.instance.figures.sent, 1, tags)
	if options.QoS == 0 {
		return 0, nil
	}
	c.push(c.instance.figures.ack, took, tags)
	return took, nil
}

// Subscribe waits for the SUBACK; answers the QoS that was granted.
func (c *client) Subscribe(filter string, qos byte) (byte, error) {
	opened, err := c.opened()
	if err != nil {
		return 0, err
	}
	answer, err := opened.ask(func(id uint16) packets.Packet {
		return &packets.Subscribe{
			PacketID:      id,
			Properties:    &packets.Properties{},
			Subscriptions: []packets.SubOptions{{Topic: filter, QoS: qos}},
		}
	})
	if err != nil {
		return 0, err
	}
	suback, ok := answer.Content.(*packets.Suback)
	if !ok || len(suback.Reasons) != 1 {
		return 0, errors.New("no SUBACK of one reason")
	}
	return suback.Reasons[0], refusal(suback.Reasons[0])
}

// Message is what a subscriber got.
type Message struct {
	Topic   string `js:"topic"`
	Payload string `js:"payload"`
	QoS     byte   `js:"qos"`
	Retain  bool   `js:"retain"`
}

// Receive answers the next message that came, or null when none comes within so many milliseconds. After the connection
// ended it answers what had come before that, then fails.
func (c *client) Receive(waitMs int64) (*Message, error) {
	opened, err := c.opened()
	if err != nil {
		return nil, err
	}
	select {
	case publish := <-opened.inbound:
		return c.got(publish), nil
	default:
	}
	timer := time.NewTimer(time.Duration(waitMs) * time.Millisecond)
	defer timer.Stop()
	select {
	case publish := <-opened.inbound:
		return c.got(publish), nil
	case <-opened.ended:
		return nil, fmt.Errorf("the connection ended: %w", opened.endCause)
	case <-timer.C:
		return nil, nil
	}
}

func (c *client) got(publish *packets.Publish) *Message {
	c.push(c.instance.figures.received, 1, map[string]string{"qos": string('0' + publish.QoS)})
	return &Message{Topic: publish.Topic, Payload: string(publish.Payload), QoS: publish.QoS, Retain: publish.Retain}
}

// Disconnect says goodbye and closes.
func (c *client) Disconnect() {
	if c.session == nil {
		return
	}
	_ = c.session.send(&packets.Disconnect{Properties: &packets.Properties{}})
	c.Drop()
}

// Drop closes without a word.
func (c *client) Drop() {
	if c.session == nil {
		return
	}
	c.session.end(errors.New("closed by the script"))
	c.session = nil
}

func (c *client) opened() (*session, error) {
	if c.session == nil {
		return nil, errors.New("not connected")
	}
	return c.session, nil
}

func (c *client) context() context.Context {
	return c.instance.vu.Context()
}

func (c *client) push(metric *metrics.Metric, value float64, tags map[string]string) {
	state := c.instance.vu.State()
	if state == nil {
		return
	}
	current := state.Tags.GetCurrentValues()
	metrics.PushIfNotDone(c.context(), state.Samples, metrics.Sample{
		TimeSeries: metrics.TimeSeries{Metric: metric, Tags: current.Tags.WithTagsFromMap(tags)},
		Time:       time.Now(),
		Metadata:   current.Metadata,
		Value:      value,
	})
}

func milliseconds(duration time.Duration) float64 {
	return float64(duration) / float64(time.Millisecond)
}

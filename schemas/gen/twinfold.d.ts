import * as $protobuf from "protobufjs";
import Long = require("long");

/** Namespace twinfold. */
export namespace twinfold {

    /** Namespace v1. */
    namespace v1 {

        /** Kind enum. */
        enum Kind {

            /** KIND_UNSPECIFIED value */
            KIND_UNSPECIFIED = 0,

            /** KIND_TELEMETRY value */
            KIND_TELEMETRY = 1,

            /** KIND_TICK value */
            KIND_TICK = 2,

            /** KIND_EDGE_GONE value */
            KIND_EDGE_GONE = 3,

            /** KIND_CONNECTED value */
            KIND_CONNECTED = 4,

            /** KIND_DISCONNECTED value */
            KIND_DISCONNECTED = 5,

            /** KIND_SESSION value */
            KIND_SESSION = 6,

            /** KIND_REPORTED value */
            KIND_REPORTED = 7,

            /** KIND_DESIRED value */
            KIND_DESIRED = 8,

            /** KIND_TAGS value */
            KIND_TAGS = 9,

            /** KIND_COMMAND_REQUESTED value */
            KIND_COMMAND_REQUESTED = 10,

            /** KIND_COMMAND_RESPONSE value */
            KIND_COMMAND_RESPONSE = 11,

            /** KIND_COMMAND_CANCELED value */
            KIND_COMMAND_CANCELED = 12,

            /** KIND_EFFECT_RESULT value */
            KIND_EFFECT_RESULT = 13,

            /** KIND_FIRMWARE_STATUS value */
            KIND_FIRMWARE_STATUS = 14,

            /** KIND_FIRMWARE_PROCEED value */
            KIND_FIRMWARE_PROCEED = 15,

            /** KIND_CAMPAIGN value */
            KIND_CAMPAIGN = 16,

            /** KIND_SAGA_INPUT value */
            KIND_SAGA_INPUT = 17,

            /** KIND_REGISTRY_FACT value */
            KIND_REGISTRY_FACT = 18,

            /** KIND_QUOTA_LEASE value */
            KIND_QUOTA_LEASE = 19,

            /** KIND_ACTIVATION value */
            KIND_ACTIVATION = 20,

            /** KIND_ERASED value */
            KIND_ERASED = 21,

            /** KIND_PUBLISHED value */
            KIND_PUBLISHED = 22
        }

        /** ContentType enum. */
        enum ContentType {

            /** CONTENT_TYPE_UNSPECIFIED value */
            CONTENT_TYPE_UNSPECIFIED = 0,

            /** CONTENT_TYPE_JSON value */
            CONTENT_TYPE_JSON = 1,

            /** CONTENT_TYPE_PROTOBUF value */
            CONTENT_TYPE_PROTOBUF = 2,

            /** CONTENT_TYPE_CBOR value */
            CONTENT_TYPE_CBOR = 3,

            /** CONTENT_TYPE_MSGPACK value */
            CONTENT_TYPE_MSGPACK = 4,

            /** CONTENT_TYPE_SENML_JSON value */
            CONTENT_TYPE_SENML_JSON = 5,

            /** CONTENT_TYPE_SENML_CBOR value */
            CONTENT_TYPE_SENML_CBOR = 6,

            /** CONTENT_TYPE_OCTETS value */
            CONTENT_TYPE_OCTETS = 7
        }

        /** Via enum. */
        enum Via {

            /** VIA_UNSPECIFIED value */
            VIA_UNSPECIFIED = 0,

            /** VIA_MQTT value */
            VIA_MQTT = 1,

            /** VIA_HTTP value */
            VIA_HTTP = 2,

            /** VIA_COAP value */
            VIA_COAP = 3,

            /** VIA_WEBSOCKET value */
            VIA_WEBSOCKET = 4,

            /** VIA_INTERNAL value */
            VIA_INTERNAL = 5
        }

        /**
         * Properties of an Event.
         * @deprecated Use twinfold.v1.Event.$Properties instead.
         */
        interface IEvent extends twinfold.v1.Event.$Properties {
        }

        /** Represents an Event. */
        class Event {

            /**
             * Constructs a new Event.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.Event.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Event tenant. */
            tenant: string;

            /** Event device. */
            device: string;

            /** Event kind. */
            kind: twinfold.v1.Kind;

            /** Event payload. */
            payload: Uint8Array;

            /** Event contentType. */
            contentType: twinfold.v1.ContentType;

            /** Event via. */
            via: twinfold.v1.Via;

            /** Event receivedMs. */
            receivedMs: (number|Long);

            /** Event bootId. */
            bootId?: (number|Long|null);

            /** Event deviceSeq. */
            deviceSeq?: (number|Long|null);

            /** Event clientEventId. */
            clientEventId: string;

            /** Event eventMs. */
            eventMs?: (number|Long|null);

            /** Event connection. */
            connection: (number|Long);

            /** Event lease. */
            lease: (number|Long);

            /** Event schema. */
            schema: string;

            /** Event model. */
            model: string;

            /** Event correlation. */
            correlation: Uint8Array;

            /** Event cause. */
            cause: string;

            /** Event traceparent. */
            traceparent: string;

            /** Event gateway. */
            gateway: string;

            /** Event document. */
            document: string;

            /** Event actor. */
            actor: string;

            /** Event topic. */
            topic: string;

            /** Event backfill. */
            backfill: boolean;

            /** Event effectSource. */
            effectSource: string;

            /** Event effectVersion. */
            effectVersion: (number|Long);

            /** Event effectIndex. */
            effectIndex: number;

            /** Event expectedVersion. */
            expectedVersion?: (number|Long|null);

            /** Event publishFlags. */
            publishFlags: number;

            /** Event publishProperties. */
            publishProperties: Uint8Array;

            /** Event expiresMs. */
            expiresMs: (number|Long);

            /** Event session. */
            session: string;

            /** Event packetId. */
            packetId: number;

            /**
             * Creates a new Event instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Event instance
             */
            static create(properties: twinfold.v1.Event.$Shape): twinfold.v1.Event & twinfold.v1.Event.$Shape;
            static create(properties?: twinfold.v1.Event.$Properties): twinfold.v1.Event;

            /**
             * Encodes the specified Event message. Does not implicitly {@link twinfold.v1.Event.verify|verify} messages.
             * @param message Event message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.Event.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Event message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.Event & twinfold.v1.Event.$Shape} Event
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.Event & twinfold.v1.Event.$Shape;

            /**
             * Creates an Event message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns Event
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.Event;

            /**
             * Creates a plain object from an Event message. Also converts values to other types if specified.
             * @param message Event
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.Event, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this Event to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace Event {

            /** Properties of an Event. */
            interface $Properties {

                /** Event tenant */
                tenant?: (string|null);

                /** Event device */
                device?: (string|null);

                /** Event kind */
                kind?: (twinfold.v1.Kind|null);

                /** Event payload */
                payload?: (Uint8Array|null);

                /** Event contentType */
                contentType?: (twinfold.v1.ContentType|null);

                /** Event via */
                via?: (twinfold.v1.Via|null);

                /** Event receivedMs */
                receivedMs?: (number|Long|null);

                /** Event bootId */
                bootId?: (number|Long|null);

                /** Event deviceSeq */
                deviceSeq?: (number|Long|null);

                /** Event clientEventId */
                clientEventId?: (string|null);

                /** Event eventMs */
                eventMs?: (number|Long|null);

                /** Event connection */
                connection?: (number|Long|null);

                /** Event lease */
                lease?: (number|Long|null);

                /** Event schema */
                schema?: (string|null);

                /** Event model */
                model?: (string|null);

                /** Event correlation */
                correlation?: (Uint8Array|null);

                /** Event cause */
                cause?: (string|null);

                /** Event traceparent */
                traceparent?: (string|null);

                /** Event gateway */
                gateway?: (string|null);

                /** Event document */
                document?: (string|null);

                /** Event actor */
                actor?: (string|null);

                /** Event topic */
                topic?: (string|null);

                /** Event backfill */
                backfill?: (boolean|null);

                /** Event effectSource */
                effectSource?: (string|null);

                /** Event effectVersion */
                effectVersion?: (number|Long|null);

                /** Event effectIndex */
                effectIndex?: (number|null);

                /** Event expectedVersion */
                expectedVersion?: (number|Long|null);

                /** Event publishFlags */
                publishFlags?: (number|null);

                /** Event publishProperties */
                publishProperties?: (Uint8Array|null);

                /** Event expiresMs */
                expiresMs?: (number|Long|null);

                /** Event session */
                session?: (string|null);

                /** Event packetId */
                packetId?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Event. */
            type $Shape = twinfold.v1.Event.$Properties;
        }

        /**
         * Properties of an EventBatch.
         * @deprecated Use twinfold.v1.EventBatch.$Properties instead.
         */
        interface IEventBatch extends twinfold.v1.EventBatch.$Properties {
        }

        /** Represents an EventBatch. */
        class EventBatch {

            /**
             * Constructs a new EventBatch.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.EventBatch.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** EventBatch edgeEpoch. */
            edgeEpoch: (number|Long);

            /** EventBatch counter. */
            counter: (number|Long);

            /** EventBatch edge. */
            edge: string;

            /** EventBatch openedMs. */
            openedMs: (number|Long);

            /** EventBatch events. */
            events: twinfold.v1.Event.$Properties[];

            /**
             * Creates a new EventBatch instance using the specified properties.
             * @param [properties] Properties to set
             * @returns EventBatch instance
             */
            static create(properties: twinfold.v1.EventBatch.$Shape): twinfold.v1.EventBatch & twinfold.v1.EventBatch.$Shape;
            static create(properties?: twinfold.v1.EventBatch.$Properties): twinfold.v1.EventBatch;

            /**
             * Encodes the specified EventBatch message. Does not implicitly {@link twinfold.v1.EventBatch.verify|verify} messages.
             * @param message EventBatch message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.EventBatch.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an EventBatch message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.EventBatch & twinfold.v1.EventBatch.$Shape} EventBatch
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.EventBatch & twinfold.v1.EventBatch.$Shape;

            /**
             * Creates an EventBatch message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns EventBatch
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.EventBatch;

            /**
             * Creates a plain object from an EventBatch message. Also converts values to other types if specified.
             * @param message EventBatch
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.EventBatch, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this EventBatch to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace EventBatch {

            /** Properties of an EventBatch. */
            interface $Properties {

                /** EventBatch edgeEpoch */
                edgeEpoch?: (number|Long|null);

                /** EventBatch counter */
                counter?: (number|Long|null);

                /** EventBatch edge */
                edge?: (string|null);

                /** EventBatch openedMs */
                openedMs?: (number|Long|null);

                /** EventBatch events */
                events?: (twinfold.v1.Event.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an EventBatch. */
            type $Shape = twinfold.v1.EventBatch.$Properties;
        }

        /**
         * Properties of an EdgeGone.
         * @deprecated Use twinfold.v1.EdgeGone.$Properties instead.
         */
        interface IEdgeGone extends twinfold.v1.EdgeGone.$Properties {
        }

        /** Represents an EdgeGone. */
        class EdgeGone {

            /**
             * Constructs a new EdgeGone.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.EdgeGone.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** EdgeGone edgeEpoch. */
            edgeEpoch: (number|Long);

            /** EdgeGone drained. */
            drained: boolean;

            /**
             * Creates a new EdgeGone instance using the specified properties.
             * @param [properties] Properties to set
             * @returns EdgeGone instance
             */
            static create(properties: twinfold.v1.EdgeGone.$Shape): twinfold.v1.EdgeGone & twinfold.v1.EdgeGone.$Shape;
            static create(properties?: twinfold.v1.EdgeGone.$Properties): twinfold.v1.EdgeGone;

            /**
             * Encodes the specified EdgeGone message. Does not implicitly {@link twinfold.v1.EdgeGone.verify|verify} messages.
             * @param message EdgeGone message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.EdgeGone.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an EdgeGone message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.EdgeGone & twinfold.v1.EdgeGone.$Shape} EdgeGone
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.EdgeGone & twinfold.v1.EdgeGone.$Shape;

            /**
             * Creates an EdgeGone message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns EdgeGone
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.EdgeGone;

            /**
             * Creates a plain object from an EdgeGone message. Also converts values to other types if specified.
             * @param message EdgeGone
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.EdgeGone, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this EdgeGone to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace EdgeGone {

            /** Properties of an EdgeGone. */
            interface $Properties {

                /** EdgeGone edgeEpoch */
                edgeEpoch?: (number|Long|null);

                /** EdgeGone drained */
                drained?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an EdgeGone. */
            type $Shape = twinfold.v1.EdgeGone.$Properties;
        }

        /**
         * Properties of a Metric.
         * @deprecated Use twinfold.v1.Metric.$Properties instead.
         */
        interface IMetric extends twinfold.v1.Metric.$Properties {
        }

        /** Represents a Metric. */
        class Metric {

            /**
             * Constructs a new Metric.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.Metric.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Metric name. */
            name: string;

            /** Metric number. */
            number?: (number|null);

            /** Metric boolean. */
            boolean?: (boolean|null);

            /** Metric text. */
            text?: (string|null);

            /** Metric integer. */
            integer?: (number|Long|null);

            /** Metric value. */
            value?: ("number"|"boolean"|"text"|"integer");

            /**
             * Creates a new Metric instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Metric instance
             */
            static create(properties: twinfold.v1.Metric.$Shape): twinfold.v1.Metric & twinfold.v1.Metric.$Shape;
            static create(properties?: twinfold.v1.Metric.$Properties): twinfold.v1.Metric;

            /**
             * Encodes the specified Metric message. Does not implicitly {@link twinfold.v1.Metric.verify|verify} messages.
             * @param message Metric message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.Metric.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Metric message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.Metric & twinfold.v1.Metric.$Shape} Metric
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.Metric & twinfold.v1.Metric.$Shape;

            /**
             * Creates a Metric message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns Metric
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.Metric;

            /**
             * Creates a plain object from a Metric message. Also converts values to other types if specified.
             * @param message Metric
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.Metric, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this Metric to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace Metric {

            /** Properties of a Metric. */
            interface $Properties {

                /** Metric name */
                name?: (string|null);

                /** Metric number */
                number?: (number|null);

                /** Metric boolean */
                boolean?: (boolean|null);

                /** Metric text */
                text?: (string|null);

                /** Metric integer */
                integer?: (number|Long|null);

                /** Metric value */
                value?: ("number"|"boolean"|"text"|"integer");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a Metric. */
            type $Shape = {
              name?: string|null;
              number?: number|null;
              boolean?: boolean|null;
              text?: string|null;
              integer?: number|Long|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ value?: undefined; number?: null; boolean?: null; text?: null; integer?: null }|{ value?: "number"; number: number; boolean?: null; text?: null; integer?: null }|{ value?: "boolean"; number?: null; boolean: boolean; text?: null; integer?: null }|{ value?: "text"; number?: null; boolean?: null; text: string; integer?: null }|{ value?: "integer"; number?: null; boolean?: null; text?: null; integer: number|Long })
            );
        }

        /**
         * Properties of a TelemetrySample.
         * @deprecated Use twinfold.v1.TelemetrySample.$Properties instead.
         */
        interface ITelemetrySample extends twinfold.v1.TelemetrySample.$Properties {
        }

        /** Represents a TelemetrySample. */
        class TelemetrySample {

            /**
             * Constructs a new TelemetrySample.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.TelemetrySample.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** TelemetrySample device. */
            device: string;

            /** TelemetrySample ts. */
            ts?: (number|Long|null);

            /** TelemetrySample boot. */
            boot?: (number|Long|null);

            /** TelemetrySample seq. */
            seq?: (number|Long|null);

            /** TelemetrySample id. */
            id: string;

            /** TelemetrySample metrics. */
            metrics: twinfold.v1.Metric.$Properties[];

            /**
             * Creates a new TelemetrySample instance using the specified properties.
             * @param [properties] Properties to set
             * @returns TelemetrySample instance
             */
            static create(properties: twinfold.v1.TelemetrySample.$Shape): twinfold.v1.TelemetrySample & twinfold.v1.TelemetrySample.$Shape;
            static create(properties?: twinfold.v1.TelemetrySample.$Properties): twinfold.v1.TelemetrySample;

            /**
             * Encodes the specified TelemetrySample message. Does not implicitly {@link twinfold.v1.TelemetrySample.verify|verify} messages.
             * @param message TelemetrySample message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.TelemetrySample.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TelemetrySample message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.TelemetrySample & twinfold.v1.TelemetrySample.$Shape} TelemetrySample
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.TelemetrySample & twinfold.v1.TelemetrySample.$Shape;

            /**
             * Creates a TelemetrySample message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns TelemetrySample
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.TelemetrySample;

            /**
             * Creates a plain object from a TelemetrySample message. Also converts values to other types if specified.
             * @param message TelemetrySample
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.TelemetrySample, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this TelemetrySample to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace TelemetrySample {

            /** Properties of a TelemetrySample. */
            interface $Properties {

                /** TelemetrySample device */
                device?: (string|null);

                /** TelemetrySample ts */
                ts?: (number|Long|null);

                /** TelemetrySample boot */
                boot?: (number|Long|null);

                /** TelemetrySample seq */
                seq?: (number|Long|null);

                /** TelemetrySample id */
                id?: (string|null);

                /** TelemetrySample metrics */
                metrics?: (twinfold.v1.Metric.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TelemetrySample. */
            type $Shape = {
              device?: string|null;
              ts?: number|Long|null;
              boot?: number|Long|null;
              seq?: number|Long|null;
              id?: string|null;
              metrics?: twinfold.v1.Metric.$Shape[]|null;
              $unknowns?: Uint8Array[];
            };
        }

        /**
         * Properties of a TelemetryBatch.
         * @deprecated Use twinfold.v1.TelemetryBatch.$Properties instead.
         */
        interface ITelemetryBatch extends twinfold.v1.TelemetryBatch.$Properties {
        }

        /** Represents a TelemetryBatch. */
        class TelemetryBatch {

            /**
             * Constructs a new TelemetryBatch.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.TelemetryBatch.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** TelemetryBatch samples. */
            samples: twinfold.v1.TelemetrySample.$Properties[];

            /**
             * Creates a new TelemetryBatch instance using the specified properties.
             * @param [properties] Properties to set
             * @returns TelemetryBatch instance
             */
            static create(properties: twinfold.v1.TelemetryBatch.$Shape): twinfold.v1.TelemetryBatch & twinfold.v1.TelemetryBatch.$Shape;
            static create(properties?: twinfold.v1.TelemetryBatch.$Properties): twinfold.v1.TelemetryBatch;

            /**
             * Encodes the specified TelemetryBatch message. Does not implicitly {@link twinfold.v1.TelemetryBatch.verify|verify} messages.
             * @param message TelemetryBatch message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.TelemetryBatch.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TelemetryBatch message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.TelemetryBatch & twinfold.v1.TelemetryBatch.$Shape} TelemetryBatch
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.TelemetryBatch & twinfold.v1.TelemetryBatch.$Shape;

            /**
             * Creates a TelemetryBatch message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns TelemetryBatch
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.TelemetryBatch;

            /**
             * Creates a plain object from a TelemetryBatch message. Also converts values to other types if specified.
             * @param message TelemetryBatch
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.TelemetryBatch, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this TelemetryBatch to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace TelemetryBatch {

            /** Properties of a TelemetryBatch. */
            interface $Properties {

                /** TelemetryBatch samples */
                samples?: (twinfold.v1.TelemetrySample.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TelemetryBatch. */
            type $Shape = {
              samples?: twinfold.v1.TelemetrySample.$Shape[]|null;
              $unknowns?: Uint8Array[];
            };
        }

        /** RecordKind enum. */
        enum RecordKind {

            /** RECORD_KIND_FOLD value */
            RECORD_KIND_FOLD = 0,

            /** RECORD_KIND_CLAIM value */
            RECORD_KIND_CLAIM = 1,

            /** RECORD_KIND_REPAIR value */
            RECORD_KIND_REPAIR = 2
        }

        /**
         * Properties of a CoveredMessage.
         * @deprecated Use twinfold.v1.CoveredMessage.$Properties instead.
         */
        interface ICoveredMessage extends twinfold.v1.CoveredMessage.$Properties {
        }

        /** Represents a CoveredMessage. */
        class CoveredMessage {

            /**
             * Constructs a new CoveredMessage.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.CoveredMessage.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** CoveredMessage seq. */
            seq: (number|Long);

            /** CoveredMessage timestampMs. */
            timestampMs: (number|Long);

            /** CoveredMessage edgeEpoch. */
            edgeEpoch: (number|Long);

            /** CoveredMessage counter. */
            counter: (number|Long);

            /**
             * Creates a new CoveredMessage instance using the specified properties.
             * @param [properties] Properties to set
             * @returns CoveredMessage instance
             */
            static create(properties: twinfold.v1.CoveredMessage.$Shape): twinfold.v1.CoveredMessage & twinfold.v1.CoveredMessage.$Shape;
            static create(properties?: twinfold.v1.CoveredMessage.$Properties): twinfold.v1.CoveredMessage;

            /**
             * Encodes the specified CoveredMessage message. Does not implicitly {@link twinfold.v1.CoveredMessage.verify|verify} messages.
             * @param message CoveredMessage message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.CoveredMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a CoveredMessage message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.CoveredMessage & twinfold.v1.CoveredMessage.$Shape} CoveredMessage
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.CoveredMessage & twinfold.v1.CoveredMessage.$Shape;

            /**
             * Creates a CoveredMessage message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns CoveredMessage
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.CoveredMessage;

            /**
             * Creates a plain object from a CoveredMessage message. Also converts values to other types if specified.
             * @param message CoveredMessage
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.CoveredMessage, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this CoveredMessage to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace CoveredMessage {

            /** Properties of a CoveredMessage. */
            interface $Properties {

                /** CoveredMessage seq */
                seq?: (number|Long|null);

                /** CoveredMessage timestampMs */
                timestampMs?: (number|Long|null);

                /** CoveredMessage edgeEpoch */
                edgeEpoch?: (number|Long|null);

                /** CoveredMessage counter */
                counter?: (number|Long|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a CoveredMessage. */
            type $Shape = twinfold.v1.CoveredMessage.$Properties;
        }

        /**
         * Properties of an OutcomeRuns.
         * @deprecated Use twinfold.v1.OutcomeRuns.$Properties instead.
         */
        interface IOutcomeRuns extends twinfold.v1.OutcomeRuns.$Properties {
        }

        /** Represents an OutcomeRuns. */
        class OutcomeRuns {

            /**
             * Constructs a new OutcomeRuns.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.OutcomeRuns.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** OutcomeRuns seqDelta. */
            seqDelta: number[];

            /** OutcomeRuns index. */
            index: number[];

            /** OutcomeRuns count. */
            count: number[];

            /** OutcomeRuns outcome. */
            outcome: number[];

            /** OutcomeRuns reason. */
            reason: number[];

            /** OutcomeRuns originalSeq. */
            originalSeq: (number|Long)[];

            /** OutcomeRuns originalIndex. */
            originalIndex: number[];

            /**
             * Creates a new OutcomeRuns instance using the specified properties.
             * @param [properties] Properties to set
             * @returns OutcomeRuns instance
             */
            static create(properties: twinfold.v1.OutcomeRuns.$Shape): twinfold.v1.OutcomeRuns & twinfold.v1.OutcomeRuns.$Shape;
            static create(properties?: twinfold.v1.OutcomeRuns.$Properties): twinfold.v1.OutcomeRuns;

            /**
             * Encodes the specified OutcomeRuns message. Does not implicitly {@link twinfold.v1.OutcomeRuns.verify|verify} messages.
             * @param message OutcomeRuns message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.OutcomeRuns.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an OutcomeRuns message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.OutcomeRuns & twinfold.v1.OutcomeRuns.$Shape} OutcomeRuns
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.OutcomeRuns & twinfold.v1.OutcomeRuns.$Shape;

            /**
             * Creates an OutcomeRuns message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns OutcomeRuns
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.OutcomeRuns;

            /**
             * Creates a plain object from an OutcomeRuns message. Also converts values to other types if specified.
             * @param message OutcomeRuns
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.OutcomeRuns, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this OutcomeRuns to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace OutcomeRuns {

            /** Properties of an OutcomeRuns. */
            interface $Properties {

                /** OutcomeRuns seqDelta */
                seqDelta?: (number[]|null);

                /** OutcomeRuns index */
                index?: (number[]|null);

                /** OutcomeRuns count */
                count?: (number[]|null);

                /** OutcomeRuns outcome */
                outcome?: (number[]|null);

                /** OutcomeRuns reason */
                reason?: (number[]|null);

                /** OutcomeRuns originalSeq */
                originalSeq?: ((number|Long)[]|null);

                /** OutcomeRuns originalIndex */
                originalIndex?: (number[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an OutcomeRuns. */
            type $Shape = twinfold.v1.OutcomeRuns.$Properties;
        }

        /**
         * Properties of an Effect.
         * @deprecated Use twinfold.v1.Effect.$Properties instead.
         */
        interface IEffect extends twinfold.v1.Effect.$Properties {
        }

        /** Represents an Effect. */
        class Effect {

            /**
             * Constructs a new Effect.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.Effect.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Effect kind. */
            kind: string;

            /** Effect target. */
            target: string;

            /** Effect atMostOnce. */
            atMostOnce: boolean;

            /** Effect connection. */
            connection: (number|Long);

            /** Effect deadlineMs. */
            deadlineMs: (number|Long);

            /** Effect body. */
            body: Uint8Array;

            /**
             * Creates a new Effect instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Effect instance
             */
            static create(properties: twinfold.v1.Effect.$Shape): twinfold.v1.Effect & twinfold.v1.Effect.$Shape;
            static create(properties?: twinfold.v1.Effect.$Properties): twinfold.v1.Effect;

            /**
             * Encodes the specified Effect message. Does not implicitly {@link twinfold.v1.Effect.verify|verify} messages.
             * @param message Effect message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.Effect.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Effect message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.Effect & twinfold.v1.Effect.$Shape} Effect
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.Effect & twinfold.v1.Effect.$Shape;

            /**
             * Creates an Effect message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns Effect
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.Effect;

            /**
             * Creates a plain object from an Effect message. Also converts values to other types if specified.
             * @param message Effect
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.Effect, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this Effect to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace Effect {

            /** Properties of an Effect. */
            interface $Properties {

                /** Effect kind */
                kind?: (string|null);

                /** Effect target */
                target?: (string|null);

                /** Effect atMostOnce */
                atMostOnce?: (boolean|null);

                /** Effect connection */
                connection?: (number|Long|null);

                /** Effect deadlineMs */
                deadlineMs?: (number|Long|null);

                /** Effect body */
                body?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Effect. */
            type $Shape = twinfold.v1.Effect.$Properties;
        }

        /**
         * Properties of a Timer.
         * @deprecated Use twinfold.v1.Timer.$Properties instead.
         */
        interface ITimer extends twinfold.v1.Timer.$Properties {
        }

        /** Represents a Timer. */
        class Timer {

            /**
             * Constructs a new Timer.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.Timer.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Timer id. */
            id: string;

            /** Timer dueMs. */
            dueMs: (number|Long);

            /**
             * Creates a new Timer instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Timer instance
             */
            static create(properties: twinfold.v1.Timer.$Shape): twinfold.v1.Timer & twinfold.v1.Timer.$Shape;
            static create(properties?: twinfold.v1.Timer.$Properties): twinfold.v1.Timer;

            /**
             * Encodes the specified Timer message. Does not implicitly {@link twinfold.v1.Timer.verify|verify} messages.
             * @param message Timer message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.Timer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Timer message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.Timer & twinfold.v1.Timer.$Shape} Timer
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.Timer & twinfold.v1.Timer.$Shape;

            /**
             * Creates a Timer message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns Timer
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.Timer;

            /**
             * Creates a plain object from a Timer message. Also converts values to other types if specified.
             * @param message Timer
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.Timer, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this Timer to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace Timer {

            /** Properties of a Timer. */
            interface $Properties {

                /** Timer id */
                id?: (string|null);

                /** Timer dueMs */
                dueMs?: (number|Long|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Timer. */
            type $Shape = twinfold.v1.Timer.$Properties;
        }

        /**
         * Properties of a Decision.
         * @deprecated Use twinfold.v1.Decision.$Properties instead.
         */
        interface IDecision extends twinfold.v1.Decision.$Properties {
        }

        /** Represents a Decision. */
        class Decision {

            /**
             * Constructs a new Decision.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.Decision.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Decision kind. */
            kind: string;

            /** Decision tenant. */
            tenant: string;

            /** Decision device. */
            device: string;

            /** Decision causeSeq. */
            causeSeq: (number|Long);

            /** Decision causeIndex. */
            causeIndex: number;

            /** Decision section. */
            section: string;

            /** Decision document. */
            document: string;

            /** Decision path. */
            path: string;

            /** Decision oldValue. */
            oldValue: string;

            /** Decision newValue. */
            newValue: string;

            /** Decision version. */
            version: (number|Long);

            /** Decision saga. */
            saga: string;

            /** Decision state. */
            state: string;

            /** Decision actor. */
            actor: string;

            /** Decision effects. */
            effects: twinfold.v1.Effect.$Properties[];

            /** Decision timers. */
            timers: twinfold.v1.Timer.$Properties[];

            /** Decision canceledTimers. */
            canceledTimers: string[];

            /** Decision body. */
            body: Uint8Array;

            /**
             * Creates a new Decision instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Decision instance
             */
            static create(properties: twinfold.v1.Decision.$Shape): twinfold.v1.Decision & twinfold.v1.Decision.$Shape;
            static create(properties?: twinfold.v1.Decision.$Properties): twinfold.v1.Decision;

            /**
             * Encodes the specified Decision message. Does not implicitly {@link twinfold.v1.Decision.verify|verify} messages.
             * @param message Decision message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.Decision.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Decision message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.Decision & twinfold.v1.Decision.$Shape} Decision
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.Decision & twinfold.v1.Decision.$Shape;

            /**
             * Creates a Decision message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns Decision
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.Decision;

            /**
             * Creates a plain object from a Decision message. Also converts values to other types if specified.
             * @param message Decision
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.Decision, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this Decision to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace Decision {

            /** Properties of a Decision. */
            interface $Properties {

                /** Decision kind */
                kind?: (string|null);

                /** Decision tenant */
                tenant?: (string|null);

                /** Decision device */
                device?: (string|null);

                /** Decision causeSeq */
                causeSeq?: (number|Long|null);

                /** Decision causeIndex */
                causeIndex?: (number|null);

                /** Decision section */
                section?: (string|null);

                /** Decision document */
                document?: (string|null);

                /** Decision path */
                path?: (string|null);

                /** Decision oldValue */
                oldValue?: (string|null);

                /** Decision newValue */
                newValue?: (string|null);

                /** Decision version */
                version?: (number|Long|null);

                /** Decision saga */
                saga?: (string|null);

                /** Decision state */
                state?: (string|null);

                /** Decision actor */
                actor?: (string|null);

                /** Decision effects */
                effects?: (twinfold.v1.Effect.$Properties[]|null);

                /** Decision timers */
                timers?: (twinfold.v1.Timer.$Properties[]|null);

                /** Decision canceledTimers */
                canceledTimers?: (string[]|null);

                /** Decision body */
                body?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Decision. */
            type $Shape = twinfold.v1.Decision.$Properties;
        }

        /**
         * Properties of a TableIntent.
         * @deprecated Use twinfold.v1.TableIntent.$Properties instead.
         */
        interface ITableIntent extends twinfold.v1.TableIntent.$Properties {
        }

        /** Represents a TableIntent. */
        class TableIntent {

            /**
             * Constructs a new TableIntent.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.TableIntent.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** TableIntent table. */
            table: string;

            /** TableIntent rows. */
            rows: (number|Long);

            /** TableIntent digest. */
            digest: (number|Long);

            /** TableIntent generation. */
            generation: number;

            /**
             * Creates a new TableIntent instance using the specified properties.
             * @param [properties] Properties to set
             * @returns TableIntent instance
             */
            static create(properties: twinfold.v1.TableIntent.$Shape): twinfold.v1.TableIntent & twinfold.v1.TableIntent.$Shape;
            static create(properties?: twinfold.v1.TableIntent.$Properties): twinfold.v1.TableIntent;

            /**
             * Encodes the specified TableIntent message. Does not implicitly {@link twinfold.v1.TableIntent.verify|verify} messages.
             * @param message TableIntent message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.TableIntent.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TableIntent message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.TableIntent & twinfold.v1.TableIntent.$Shape} TableIntent
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.TableIntent & twinfold.v1.TableIntent.$Shape;

            /**
             * Creates a TableIntent message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns TableIntent
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.TableIntent;

            /**
             * Creates a plain object from a TableIntent message. Also converts values to other types if specified.
             * @param message TableIntent
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.TableIntent, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this TableIntent to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace TableIntent {

            /** Properties of a TableIntent. */
            interface $Properties {

                /** TableIntent table */
                table?: (string|null);

                /** TableIntent rows */
                rows?: (number|Long|null);

                /** TableIntent digest */
                digest?: (number|Long|null);

                /** TableIntent generation */
                generation?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TableIntent. */
            type $Shape = twinfold.v1.TableIntent.$Properties;
        }

        /**
         * Properties of an Intent.
         * @deprecated Use twinfold.v1.Intent.$Properties instead.
         */
        interface IIntent extends twinfold.v1.Intent.$Properties {
        }

        /** Represents an Intent. */
        class Intent {

            /**
             * Constructs a new Intent.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.Intent.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Intent to. */
            to: (number|Long);

            /** Intent tables. */
            tables: twinfold.v1.TableIntent.$Properties[];

            /** Intent fromLogSeq. */
            fromLogSeq: (number|Long);

            /** Intent toLogSeq. */
            toLogSeq: (number|Long);

            /**
             * Creates a new Intent instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Intent instance
             */
            static create(properties: twinfold.v1.Intent.$Shape): twinfold.v1.Intent & twinfold.v1.Intent.$Shape;
            static create(properties?: twinfold.v1.Intent.$Properties): twinfold.v1.Intent;

            /**
             * Encodes the specified Intent message. Does not implicitly {@link twinfold.v1.Intent.verify|verify} messages.
             * @param message Intent message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.Intent.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Intent message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.Intent & twinfold.v1.Intent.$Shape} Intent
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.Intent & twinfold.v1.Intent.$Shape;

            /**
             * Creates an Intent message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns Intent
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.Intent;

            /**
             * Creates a plain object from an Intent message. Also converts values to other types if specified.
             * @param message Intent
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.Intent, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this Intent to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace Intent {

            /** Properties of an Intent. */
            interface $Properties {

                /** Intent to */
                to?: (number|Long|null);

                /** Intent tables */
                tables?: (twinfold.v1.TableIntent.$Properties[]|null);

                /** Intent fromLogSeq */
                fromLogSeq?: (number|Long|null);

                /** Intent toLogSeq */
                toLogSeq?: (number|Long|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Intent. */
            type $Shape = twinfold.v1.Intent.$Properties;
        }

        /**
         * Properties of a SinkState.
         * @deprecated Use twinfold.v1.SinkState.$Properties instead.
         */
        interface ISinkState extends twinfold.v1.SinkState.$Properties {
        }

        /** Represents a SinkState. */
        class SinkState {

            /**
             * Constructs a new SinkState.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.SinkState.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SinkState hwm. */
            hwm: (number|Long);

            /** SinkState hwmLogSeq. */
            hwmLogSeq: (number|Long);

            /** SinkState intent. */
            intent?: (twinfold.v1.Intent.$Properties|null);

            /**
             * Creates a new SinkState instance using the specified properties.
             * @param [properties] Properties to set
             * @returns SinkState instance
             */
            static create(properties: twinfold.v1.SinkState.$Shape): twinfold.v1.SinkState & twinfold.v1.SinkState.$Shape;
            static create(properties?: twinfold.v1.SinkState.$Properties): twinfold.v1.SinkState;

            /**
             * Encodes the specified SinkState message. Does not implicitly {@link twinfold.v1.SinkState.verify|verify} messages.
             * @param message SinkState message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.SinkState.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SinkState message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.SinkState & twinfold.v1.SinkState.$Shape} SinkState
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.SinkState & twinfold.v1.SinkState.$Shape;

            /**
             * Creates a SinkState message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns SinkState
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.SinkState;

            /**
             * Creates a plain object from a SinkState message. Also converts values to other types if specified.
             * @param message SinkState
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.SinkState, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this SinkState to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace SinkState {

            /** Properties of a SinkState. */
            interface $Properties {

                /** SinkState hwm */
                hwm?: (number|Long|null);

                /** SinkState hwmLogSeq */
                hwmLogSeq?: (number|Long|null);

                /** SinkState intent */
                intent?: (twinfold.v1.Intent.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SinkState. */
            type $Shape = twinfold.v1.SinkState.$Properties;
        }

        /**
         * Properties of a Claim.
         * @deprecated Use twinfold.v1.Claim.$Properties instead.
         */
        interface IClaim extends twinfold.v1.Claim.$Properties {
        }

        /** Represents a Claim. */
        class Claim {

            /**
             * Constructs a new Claim.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.Claim.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Claim node. */
            node: string;

            /** Claim instance. */
            instance: string;

            /** Claim previousInstance. */
            previousInstance: string;

            /** Claim previousEpoch. */
            previousEpoch: (number|Long);

            /**
             * Creates a new Claim instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Claim instance
             */
            static create(properties: twinfold.v1.Claim.$Shape): twinfold.v1.Claim & twinfold.v1.Claim.$Shape;
            static create(properties?: twinfold.v1.Claim.$Properties): twinfold.v1.Claim;

            /**
             * Encodes the specified Claim message. Does not implicitly {@link twinfold.v1.Claim.verify|verify} messages.
             * @param message Claim message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.Claim.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Claim message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.Claim & twinfold.v1.Claim.$Shape} Claim
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.Claim & twinfold.v1.Claim.$Shape;

            /**
             * Creates a Claim message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns Claim
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.Claim;

            /**
             * Creates a plain object from a Claim message. Also converts values to other types if specified.
             * @param message Claim
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.Claim, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this Claim to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace Claim {

            /** Properties of a Claim. */
            interface $Properties {

                /** Claim node */
                node?: (string|null);

                /** Claim instance */
                instance?: (string|null);

                /** Claim previousInstance */
                previousInstance?: (string|null);

                /** Claim previousEpoch */
                previousEpoch?: (number|Long|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Claim. */
            type $Shape = twinfold.v1.Claim.$Properties;
        }

        /**
         * Properties of a Repair.
         * @deprecated Use twinfold.v1.Repair.$Properties instead.
         */
        interface IRepair extends twinfold.v1.Repair.$Properties {
        }

        /** Represents a Repair. */
        class Repair {

            /**
             * Constructs a new Repair.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.Repair.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Repair keptSeq. */
            keptSeq: (number|Long);

            /** Repair resumedSeq. */
            resumedSeq: (number|Long);

            /** Repair what. */
            what: string;

            /**
             * Creates a new Repair instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Repair instance
             */
            static create(properties: twinfold.v1.Repair.$Shape): twinfold.v1.Repair & twinfold.v1.Repair.$Shape;
            static create(properties?: twinfold.v1.Repair.$Properties): twinfold.v1.Repair;

            /**
             * Encodes the specified Repair message. Does not implicitly {@link twinfold.v1.Repair.verify|verify} messages.
             * @param message Repair message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.Repair.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Repair message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.Repair & twinfold.v1.Repair.$Shape} Repair
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.Repair & twinfold.v1.Repair.$Shape;

            /**
             * Creates a Repair message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns Repair
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.Repair;

            /**
             * Creates a plain object from a Repair message. Also converts values to other types if specified.
             * @param message Repair
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.Repair, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this Repair to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace Repair {

            /** Properties of a Repair. */
            interface $Properties {

                /** Repair keptSeq */
                keptSeq?: (number|Long|null);

                /** Repair resumedSeq */
                resumedSeq?: (number|Long|null);

                /** Repair what */
                what?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Repair. */
            type $Shape = twinfold.v1.Repair.$Properties;
        }

        /**
         * Properties of a ControlRecord.
         * @deprecated Use twinfold.v1.ControlRecord.$Properties instead.
         */
        interface IControlRecord extends twinfold.v1.ControlRecord.$Properties {
        }

        /** Represents a ControlRecord. */
        class ControlRecord {

            /**
             * Constructs a new ControlRecord.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.ControlRecord.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ControlRecord kind. */
            kind: twinfold.v1.RecordKind;

            /** ControlRecord epoch. */
            epoch: (number|Long);

            /** ControlRecord foldVersion. */
            foldVersion: number;

            /** ControlRecord fromSeq. */
            fromSeq: (number|Long);

            /** ControlRecord toSeq. */
            toSeq: (number|Long);

            /** ControlRecord last. */
            last?: (twinfold.v1.CoveredMessage.$Properties|null);

            /** ControlRecord logMsBefore. */
            logMsBefore: (number|Long);

            /** ControlRecord logMs. */
            logMs: (number|Long);

            /** ControlRecord exceptions. */
            exceptions?: (twinfold.v1.OutcomeRuns.$Properties|null);

            /** ControlRecord decisions. */
            decisions: twinfold.v1.Decision.$Properties[];

            /** ControlRecord outboxDone. */
            outboxDone: (number|Long);

            /** ControlRecord sink. */
            sink?: (twinfold.v1.SinkState.$Properties|null);

            /** ControlRecord claim. */
            claim?: (twinfold.v1.Claim.$Properties|null);

            /** ControlRecord repair. */
            repair?: (twinfold.v1.Repair.$Properties|null);

            /** ControlRecord events. */
            events: number;

            /** ControlRecord rows. */
            rows: number;

            /**
             * Creates a new ControlRecord instance using the specified properties.
             * @param [properties] Properties to set
             * @returns ControlRecord instance
             */
            static create(properties: twinfold.v1.ControlRecord.$Shape): twinfold.v1.ControlRecord & twinfold.v1.ControlRecord.$Shape;
            static create(properties?: twinfold.v1.ControlRecord.$Properties): twinfold.v1.ControlRecord;

            /**
             * Encodes the specified ControlRecord message. Does not implicitly {@link twinfold.v1.ControlRecord.verify|verify} messages.
             * @param message ControlRecord message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.ControlRecord.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ControlRecord message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.ControlRecord & twinfold.v1.ControlRecord.$Shape} ControlRecord
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.ControlRecord & twinfold.v1.ControlRecord.$Shape;

            /**
             * Creates a ControlRecord message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns ControlRecord
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.ControlRecord;

            /**
             * Creates a plain object from a ControlRecord message. Also converts values to other types if specified.
             * @param message ControlRecord
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.ControlRecord, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this ControlRecord to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace ControlRecord {

            /** Properties of a ControlRecord. */
            interface $Properties {

                /** ControlRecord kind */
                kind?: (twinfold.v1.RecordKind|null);

                /** ControlRecord epoch */
                epoch?: (number|Long|null);

                /** ControlRecord foldVersion */
                foldVersion?: (number|null);

                /** ControlRecord fromSeq */
                fromSeq?: (number|Long|null);

                /** ControlRecord toSeq */
                toSeq?: (number|Long|null);

                /** ControlRecord last */
                last?: (twinfold.v1.CoveredMessage.$Properties|null);

                /** ControlRecord logMsBefore */
                logMsBefore?: (number|Long|null);

                /** ControlRecord logMs */
                logMs?: (number|Long|null);

                /** ControlRecord exceptions */
                exceptions?: (twinfold.v1.OutcomeRuns.$Properties|null);

                /** ControlRecord decisions */
                decisions?: (twinfold.v1.Decision.$Properties[]|null);

                /** ControlRecord outboxDone */
                outboxDone?: (number|Long|null);

                /** ControlRecord sink */
                sink?: (twinfold.v1.SinkState.$Properties|null);

                /** ControlRecord claim */
                claim?: (twinfold.v1.Claim.$Properties|null);

                /** ControlRecord repair */
                repair?: (twinfold.v1.Repair.$Properties|null);

                /** ControlRecord events */
                events?: (number|null);

                /** ControlRecord rows */
                rows?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ControlRecord. */
            type $Shape = twinfold.v1.ControlRecord.$Properties;
        }

        /**
         * Properties of a Leaf.
         * @deprecated Use twinfold.v1.Leaf.$Properties instead.
         */
        interface ILeaf extends twinfold.v1.Leaf.$Properties {
        }

        /** Represents a Leaf. */
        class Leaf {

            /**
             * Constructs a new Leaf.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.Leaf.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Leaf name. */
            name: number;

            /** Leaf number. */
            number?: (number|null);

            /** Leaf boolean. */
            boolean?: (boolean|null);

            /** Leaf text. */
            text?: (string|null);

            /** Leaf integer. */
            integer?: (number|Long|null);

            /** Leaf digits. */
            digits?: (string|null);

            /** Leaf eventMs. */
            eventMs: (number|Long);

            /** Leaf seq. */
            seq: (number|Long);

            /** Leaf index. */
            index: number;

            /** Leaf item. */
            item: number;

            /** Leaf value. */
            value?: ("number"|"boolean"|"text"|"integer"|"digits");

            /**
             * Creates a new Leaf instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Leaf instance
             */
            static create(properties: twinfold.v1.Leaf.$Shape): twinfold.v1.Leaf & twinfold.v1.Leaf.$Shape;
            static create(properties?: twinfold.v1.Leaf.$Properties): twinfold.v1.Leaf;

            /**
             * Encodes the specified Leaf message. Does not implicitly {@link twinfold.v1.Leaf.verify|verify} messages.
             * @param message Leaf message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.Leaf.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Leaf message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.Leaf & twinfold.v1.Leaf.$Shape} Leaf
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.Leaf & twinfold.v1.Leaf.$Shape;

            /**
             * Creates a Leaf message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns Leaf
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.Leaf;

            /**
             * Creates a plain object from a Leaf message. Also converts values to other types if specified.
             * @param message Leaf
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.Leaf, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this Leaf to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace Leaf {

            /** Properties of a Leaf. */
            interface $Properties {

                /** Leaf name */
                name?: (number|null);

                /** Leaf number */
                number?: (number|null);

                /** Leaf boolean */
                boolean?: (boolean|null);

                /** Leaf text */
                text?: (string|null);

                /** Leaf integer */
                integer?: (number|Long|null);

                /** Leaf digits */
                digits?: (string|null);

                /** Leaf eventMs */
                eventMs?: (number|Long|null);

                /** Leaf seq */
                seq?: (number|Long|null);

                /** Leaf index */
                index?: (number|null);

                /** Leaf item */
                item?: (number|null);

                /** Leaf value */
                value?: ("number"|"boolean"|"text"|"integer"|"digits");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a Leaf. */
            type $Shape = {
              name?: number|null;
              number?: number|null;
              boolean?: boolean|null;
              text?: string|null;
              integer?: number|Long|null;
              digits?: string|null;
              eventMs?: number|Long|null;
              seq?: number|Long|null;
              index?: number|null;
              item?: number|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ value?: undefined; number?: null; boolean?: null; text?: null; integer?: null; digits?: null }|{ value?: "number"; number: number; boolean?: null; text?: null; integer?: null; digits?: null }|{ value?: "boolean"; number?: null; boolean: boolean; text?: null; integer?: null; digits?: null }|{ value?: "text"; number?: null; boolean?: null; text: string; integer?: null; digits?: null }|{ value?: "integer"; number?: null; boolean?: null; text?: null; integer: number|Long; digits?: null }|{ value?: "digits"; number?: null; boolean?: null; text?: null; integer?: null; digits: string })
            );
        }

        /**
         * Properties of a BootWindow.
         * @deprecated Use twinfold.v1.BootWindow.$Properties instead.
         */
        interface IBootWindow extends twinfold.v1.BootWindow.$Properties {
        }

        /** Represents a BootWindow. */
        class BootWindow {

            /**
             * Constructs a new BootWindow.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.BootWindow.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** BootWindow bootId. */
            bootId: (number|Long);

            /** BootWindow highest. */
            highest: (number|Long);

            /** BootWindow window. */
            window: (number|Long);

            /**
             * Creates a new BootWindow instance using the specified properties.
             * @param [properties] Properties to set
             * @returns BootWindow instance
             */
            static create(properties: twinfold.v1.BootWindow.$Shape): twinfold.v1.BootWindow & twinfold.v1.BootWindow.$Shape;
            static create(properties?: twinfold.v1.BootWindow.$Properties): twinfold.v1.BootWindow;

            /**
             * Encodes the specified BootWindow message. Does not implicitly {@link twinfold.v1.BootWindow.verify|verify} messages.
             * @param message BootWindow message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.BootWindow.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a BootWindow message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.BootWindow & twinfold.v1.BootWindow.$Shape} BootWindow
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.BootWindow & twinfold.v1.BootWindow.$Shape;

            /**
             * Creates a BootWindow message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns BootWindow
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.BootWindow;

            /**
             * Creates a plain object from a BootWindow message. Also converts values to other types if specified.
             * @param message BootWindow
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.BootWindow, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this BootWindow to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace BootWindow {

            /** Properties of a BootWindow. */
            interface $Properties {

                /** BootWindow bootId */
                bootId?: (number|Long|null);

                /** BootWindow highest */
                highest?: (number|Long|null);

                /** BootWindow window */
                window?: (number|Long|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a BootWindow. */
            type $Shape = twinfold.v1.BootWindow.$Properties;
        }

        /**
         * Properties of a TwinSection.
         * @deprecated Use twinfold.v1.TwinSection.$Properties instead.
         */
        interface ITwinSection extends twinfold.v1.TwinSection.$Properties {
        }

        /** Represents a TwinSection. */
        class TwinSection {

            /**
             * Constructs a new TwinSection.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.TwinSection.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** TwinSection section. */
            section: string;

            /** TwinSection document. */
            document: string;

            /** TwinSection version. */
            version: (number|Long);

            /** TwinSection body. */
            body: Uint8Array;

            /**
             * Creates a new TwinSection instance using the specified properties.
             * @param [properties] Properties to set
             * @returns TwinSection instance
             */
            static create(properties: twinfold.v1.TwinSection.$Shape): twinfold.v1.TwinSection & twinfold.v1.TwinSection.$Shape;
            static create(properties?: twinfold.v1.TwinSection.$Properties): twinfold.v1.TwinSection;

            /**
             * Encodes the specified TwinSection message. Does not implicitly {@link twinfold.v1.TwinSection.verify|verify} messages.
             * @param message TwinSection message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.TwinSection.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TwinSection message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.TwinSection & twinfold.v1.TwinSection.$Shape} TwinSection
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.TwinSection & twinfold.v1.TwinSection.$Shape;

            /**
             * Creates a TwinSection message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns TwinSection
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.TwinSection;

            /**
             * Creates a plain object from a TwinSection message. Also converts values to other types if specified.
             * @param message TwinSection
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.TwinSection, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this TwinSection to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace TwinSection {

            /** Properties of a TwinSection. */
            interface $Properties {

                /** TwinSection section */
                section?: (string|null);

                /** TwinSection document */
                document?: (string|null);

                /** TwinSection version */
                version?: (number|Long|null);

                /** TwinSection body */
                body?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TwinSection. */
            type $Shape = twinfold.v1.TwinSection.$Properties;
        }

        /**
         * Properties of a DeviceState.
         * @deprecated Use twinfold.v1.DeviceState.$Properties instead.
         */
        interface IDeviceState extends twinfold.v1.DeviceState.$Properties {
        }

        /** Represents a DeviceState. */
        class DeviceState {

            /**
             * Constructs a new DeviceState.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.DeviceState.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DeviceState tenant. */
            tenant: string;

            /** DeviceState device. */
            device: string;

            /** DeviceState latest. */
            latest: twinfold.v1.Leaf.$Properties[];

            /** DeviceState boots. */
            boots: twinfold.v1.BootWindow.$Properties[];

            /** DeviceState claimedIds. */
            claimedIds: twinfold.v1.ClaimedId.$Properties[];

            /** DeviceState sections. */
            sections: twinfold.v1.TwinSection.$Properties[];

            /** DeviceState lastSeq. */
            lastSeq: (number|Long);

            /** DeviceState lastIndex. */
            lastIndex: number;

            /** DeviceState firstSeq. */
            firstSeq: (number|Long);

            /** DeviceState connection. */
            connection: (number|Long);

            /**
             * Creates a new DeviceState instance using the specified properties.
             * @param [properties] Properties to set
             * @returns DeviceState instance
             */
            static create(properties: twinfold.v1.DeviceState.$Shape): twinfold.v1.DeviceState & twinfold.v1.DeviceState.$Shape;
            static create(properties?: twinfold.v1.DeviceState.$Properties): twinfold.v1.DeviceState;

            /**
             * Encodes the specified DeviceState message. Does not implicitly {@link twinfold.v1.DeviceState.verify|verify} messages.
             * @param message DeviceState message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.DeviceState.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DeviceState message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.DeviceState & twinfold.v1.DeviceState.$Shape} DeviceState
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.DeviceState & twinfold.v1.DeviceState.$Shape;

            /**
             * Creates a DeviceState message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns DeviceState
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.DeviceState;

            /**
             * Creates a plain object from a DeviceState message. Also converts values to other types if specified.
             * @param message DeviceState
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.DeviceState, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this DeviceState to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace DeviceState {

            /** Properties of a DeviceState. */
            interface $Properties {

                /** DeviceState tenant */
                tenant?: (string|null);

                /** DeviceState device */
                device?: (string|null);

                /** DeviceState latest */
                latest?: (twinfold.v1.Leaf.$Properties[]|null);

                /** DeviceState boots */
                boots?: (twinfold.v1.BootWindow.$Properties[]|null);

                /** DeviceState claimedIds */
                claimedIds?: (twinfold.v1.ClaimedId.$Properties[]|null);

                /** DeviceState sections */
                sections?: (twinfold.v1.TwinSection.$Properties[]|null);

                /** DeviceState lastSeq */
                lastSeq?: (number|Long|null);

                /** DeviceState lastIndex */
                lastIndex?: (number|null);

                /** DeviceState firstSeq */
                firstSeq?: (number|Long|null);

                /** DeviceState connection */
                connection?: (number|Long|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DeviceState. */
            type $Shape = {
              tenant?: string|null;
              device?: string|null;
              latest?: twinfold.v1.Leaf.$Shape[]|null;
              boots?: twinfold.v1.BootWindow.$Shape[]|null;
              claimedIds?: twinfold.v1.ClaimedId.$Shape[]|null;
              sections?: twinfold.v1.TwinSection.$Shape[]|null;
              lastSeq?: number|Long|null;
              lastIndex?: number|null;
              firstSeq?: number|Long|null;
              connection?: number|Long|null;
              $unknowns?: Uint8Array[];
            };
        }

        /**
         * Properties of a ClaimedId.
         * @deprecated Use twinfold.v1.ClaimedId.$Properties instead.
         */
        interface IClaimedId extends twinfold.v1.ClaimedId.$Properties {
        }

        /** Represents a ClaimedId. */
        class ClaimedId {

            /**
             * Constructs a new ClaimedId.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.ClaimedId.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ClaimedId id. */
            id: string;

            /** ClaimedId seq. */
            seq: (number|Long);

            /** ClaimedId index. */
            index: number;

            /**
             * Creates a new ClaimedId instance using the specified properties.
             * @param [properties] Properties to set
             * @returns ClaimedId instance
             */
            static create(properties: twinfold.v1.ClaimedId.$Shape): twinfold.v1.ClaimedId & twinfold.v1.ClaimedId.$Shape;
            static create(properties?: twinfold.v1.ClaimedId.$Properties): twinfold.v1.ClaimedId;

            /**
             * Encodes the specified ClaimedId message. Does not implicitly {@link twinfold.v1.ClaimedId.verify|verify} messages.
             * @param message ClaimedId message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.ClaimedId.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ClaimedId message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.ClaimedId & twinfold.v1.ClaimedId.$Shape} ClaimedId
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.ClaimedId & twinfold.v1.ClaimedId.$Shape;

            /**
             * Creates a ClaimedId message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns ClaimedId
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.ClaimedId;

            /**
             * Creates a plain object from a ClaimedId message. Also converts values to other types if specified.
             * @param message ClaimedId
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.ClaimedId, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this ClaimedId to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace ClaimedId {

            /** Properties of a ClaimedId. */
            interface $Properties {

                /** ClaimedId id */
                id?: (string|null);

                /** ClaimedId seq */
                seq?: (number|Long|null);

                /** ClaimedId index */
                index?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ClaimedId. */
            type $Shape = twinfold.v1.ClaimedId.$Properties;
        }

        /**
         * Properties of a WriterState.
         * @deprecated Use twinfold.v1.WriterState.$Properties instead.
         */
        interface IWriterState extends twinfold.v1.WriterState.$Properties {
        }

        /** Represents a WriterState. */
        class WriterState {

            /**
             * Constructs a new WriterState.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.WriterState.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** WriterState edgeEpoch. */
            edgeEpoch: (number|Long);

            /** WriterState counter. */
            counter: (number|Long);

            /** WriterState seq. */
            seq: (number|Long);

            /** WriterState logMs. */
            logMs: (number|Long);

            /** WriterState goneMs. */
            goneMs: (number|Long);

            /**
             * Creates a new WriterState instance using the specified properties.
             * @param [properties] Properties to set
             * @returns WriterState instance
             */
            static create(properties: twinfold.v1.WriterState.$Shape): twinfold.v1.WriterState & twinfold.v1.WriterState.$Shape;
            static create(properties?: twinfold.v1.WriterState.$Properties): twinfold.v1.WriterState;

            /**
             * Encodes the specified WriterState message. Does not implicitly {@link twinfold.v1.WriterState.verify|verify} messages.
             * @param message WriterState message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.WriterState.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a WriterState message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.WriterState & twinfold.v1.WriterState.$Shape} WriterState
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.WriterState & twinfold.v1.WriterState.$Shape;

            /**
             * Creates a WriterState message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns WriterState
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.WriterState;

            /**
             * Creates a plain object from a WriterState message. Also converts values to other types if specified.
             * @param message WriterState
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.WriterState, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this WriterState to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace WriterState {

            /** Properties of a WriterState. */
            interface $Properties {

                /** WriterState edgeEpoch */
                edgeEpoch?: (number|Long|null);

                /** WriterState counter */
                counter?: (number|Long|null);

                /** WriterState seq */
                seq?: (number|Long|null);

                /** WriterState logMs */
                logMs?: (number|Long|null);

                /** WriterState goneMs */
                goneMs?: (number|Long|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a WriterState. */
            type $Shape = twinfold.v1.WriterState.$Properties;
        }

        /**
         * Properties of an AggregateState.
         * @deprecated Use twinfold.v1.AggregateState.$Properties instead.
         */
        interface IAggregateState extends twinfold.v1.AggregateState.$Properties {
        }

        /** Represents an AggregateState. */
        class AggregateState {

            /**
             * Constructs a new AggregateState.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.AggregateState.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AggregateState kind. */
            kind: string;

            /** AggregateState tenant. */
            tenant: string;

            /** AggregateState id. */
            id: string;

            /** AggregateState version. */
            version: (number|Long);

            /** AggregateState body. */
            body: Uint8Array;

            /**
             * Creates a new AggregateState instance using the specified properties.
             * @param [properties] Properties to set
             * @returns AggregateState instance
             */
            static create(properties: twinfold.v1.AggregateState.$Shape): twinfold.v1.AggregateState & twinfold.v1.AggregateState.$Shape;
            static create(properties?: twinfold.v1.AggregateState.$Properties): twinfold.v1.AggregateState;

            /**
             * Encodes the specified AggregateState message. Does not implicitly {@link twinfold.v1.AggregateState.verify|verify} messages.
             * @param message AggregateState message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.AggregateState.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AggregateState message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.AggregateState & twinfold.v1.AggregateState.$Shape} AggregateState
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.AggregateState & twinfold.v1.AggregateState.$Shape;

            /**
             * Creates an AggregateState message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns AggregateState
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.AggregateState;

            /**
             * Creates a plain object from an AggregateState message. Also converts values to other types if specified.
             * @param message AggregateState
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.AggregateState, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this AggregateState to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace AggregateState {

            /** Properties of an AggregateState. */
            interface $Properties {

                /** AggregateState kind */
                kind?: (string|null);

                /** AggregateState tenant */
                tenant?: (string|null);

                /** AggregateState id */
                id?: (string|null);

                /** AggregateState version */
                version?: (number|Long|null);

                /** AggregateState body */
                body?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AggregateState. */
            type $Shape = twinfold.v1.AggregateState.$Properties;
        }

        /**
         * Properties of a TwinSnapshot.
         * @deprecated Use twinfold.v1.TwinSnapshot.$Properties instead.
         */
        interface ITwinSnapshot extends twinfold.v1.TwinSnapshot.$Properties {
        }

        /** Represents a TwinSnapshot. */
        class TwinSnapshot {

            /**
             * Constructs a new TwinSnapshot.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.TwinSnapshot.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** TwinSnapshot partition. */
            partition: number;

            /** TwinSnapshot foldVersion. */
            foldVersion: number;

            /** TwinSnapshot recordSeq. */
            recordSeq: (number|Long);

            /** TwinSnapshot last. */
            last?: (twinfold.v1.CoveredMessage.$Properties|null);

            /** TwinSnapshot logMs. */
            logMs: (number|Long);

            /** TwinSnapshot names. */
            names: string[];

            /** TwinSnapshot writers. */
            writers: twinfold.v1.WriterState.$Properties[];

            /** TwinSnapshot devices. */
            devices: twinfold.v1.DeviceState.$Properties[];

            /** TwinSnapshot aggregates. */
            aggregates: twinfold.v1.AggregateState.$Properties[];

            /**
             * Creates a new TwinSnapshot instance using the specified properties.
             * @param [properties] Properties to set
             * @returns TwinSnapshot instance
             */
            static create(properties: twinfold.v1.TwinSnapshot.$Shape): twinfold.v1.TwinSnapshot & twinfold.v1.TwinSnapshot.$Shape;
            static create(properties?: twinfold.v1.TwinSnapshot.$Properties): twinfold.v1.TwinSnapshot;

            /**
             * Encodes the specified TwinSnapshot message. Does not implicitly {@link twinfold.v1.TwinSnapshot.verify|verify} messages.
             * @param message TwinSnapshot message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.TwinSnapshot.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TwinSnapshot message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.TwinSnapshot & twinfold.v1.TwinSnapshot.$Shape} TwinSnapshot
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.TwinSnapshot & twinfold.v1.TwinSnapshot.$Shape;

            /**
             * Creates a TwinSnapshot message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns TwinSnapshot
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.TwinSnapshot;

            /**
             * Creates a plain object from a TwinSnapshot message. Also converts values to other types if specified.
             * @param message TwinSnapshot
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.TwinSnapshot, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this TwinSnapshot to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace TwinSnapshot {

            /** Properties of a TwinSnapshot. */
            interface $Properties {

                /** TwinSnapshot partition */
                partition?: (number|null);

                /** TwinSnapshot foldVersion */
                foldVersion?: (number|null);

                /** TwinSnapshot recordSeq */
                recordSeq?: (number|Long|null);

                /** TwinSnapshot last */
                last?: (twinfold.v1.CoveredMessage.$Properties|null);

                /** TwinSnapshot logMs */
                logMs?: (number|Long|null);

                /** TwinSnapshot names */
                names?: (string[]|null);

                /** TwinSnapshot writers */
                writers?: (twinfold.v1.WriterState.$Properties[]|null);

                /** TwinSnapshot devices */
                devices?: (twinfold.v1.DeviceState.$Properties[]|null);

                /** TwinSnapshot aggregates */
                aggregates?: (twinfold.v1.AggregateState.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TwinSnapshot. */
            type $Shape = {
              partition?: number|null;
              foldVersion?: number|null;
              recordSeq?: number|Long|null;
              last?: twinfold.v1.CoveredMessage.$Shape|null;
              logMs?: number|Long|null;
              names?: string[]|null;
              writers?: twinfold.v1.WriterState.$Shape[]|null;
              devices?: twinfold.v1.DeviceState.$Shape[]|null;
              aggregates?: twinfold.v1.AggregateState.$Shape[]|null;
              $unknowns?: Uint8Array[];
            };
        }

        /**
         * Properties of an Ask.
         * @deprecated Use twinfold.v1.Ask.$Properties instead.
         */
        interface IAsk extends twinfold.v1.Ask.$Properties {
        }

        /** Represents an Ask. */
        class Ask {

            /**
             * Constructs a new Ask.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.Ask.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Ask minSeq. */
            minSeq: (number|Long);

            /** Ask twin. */
            twin?: (twinfold.v1.AskTwin.$Properties|null);

            /** Ask outcomes. */
            outcomes?: (twinfold.v1.AskOutcomes.$Properties|null);

            /** Ask status. */
            status?: (twinfold.v1.AskStatus.$Properties|null);

            /** Ask end. */
            end?: (twinfold.v1.AskEnd.$Properties|null);

            /** Ask session. */
            session?: (twinfold.v1.AskSession.$Properties|null);

            /** Ask what. */
            what?: ("twin"|"outcomes"|"status"|"end"|"session");

            /**
             * Creates a new Ask instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Ask instance
             */
            static create(properties: twinfold.v1.Ask.$Shape): twinfold.v1.Ask & twinfold.v1.Ask.$Shape;
            static create(properties?: twinfold.v1.Ask.$Properties): twinfold.v1.Ask;

            /**
             * Encodes the specified Ask message. Does not implicitly {@link twinfold.v1.Ask.verify|verify} messages.
             * @param message Ask message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.Ask.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Ask message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.Ask & twinfold.v1.Ask.$Shape} Ask
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.Ask & twinfold.v1.Ask.$Shape;

            /**
             * Creates an Ask message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns Ask
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.Ask;

            /**
             * Creates a plain object from an Ask message. Also converts values to other types if specified.
             * @param message Ask
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.Ask, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this Ask to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace Ask {

            /** Properties of an Ask. */
            interface $Properties {

                /** Ask minSeq */
                minSeq?: (number|Long|null);

                /** Ask twin */
                twin?: (twinfold.v1.AskTwin.$Properties|null);

                /** Ask outcomes */
                outcomes?: (twinfold.v1.AskOutcomes.$Properties|null);

                /** Ask status */
                status?: (twinfold.v1.AskStatus.$Properties|null);

                /** Ask end */
                end?: (twinfold.v1.AskEnd.$Properties|null);

                /** Ask session */
                session?: (twinfold.v1.AskSession.$Properties|null);

                /** Ask what */
                what?: ("twin"|"outcomes"|"status"|"end"|"session");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of an Ask. */
            type $Shape = {
              minSeq?: number|Long|null;
              twin?: twinfold.v1.AskTwin.$Shape|null;
              outcomes?: twinfold.v1.AskOutcomes.$Shape|null;
              status?: twinfold.v1.AskStatus.$Shape|null;
              end?: twinfold.v1.AskEnd.$Shape|null;
              session?: twinfold.v1.AskSession.$Shape|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ what?: undefined; twin?: null; outcomes?: null; status?: null; end?: null; session?: null }|{ what?: "twin"; twin: twinfold.v1.AskTwin.$Shape; outcomes?: null; status?: null; end?: null; session?: null }|{ what?: "outcomes"; twin?: null; outcomes: twinfold.v1.AskOutcomes.$Shape; status?: null; end?: null; session?: null }|{ what?: "status"; twin?: null; outcomes?: null; status: twinfold.v1.AskStatus.$Shape; end?: null; session?: null }|{ what?: "end"; twin?: null; outcomes?: null; status?: null; end: twinfold.v1.AskEnd.$Shape; session?: null }|{ what?: "session"; twin?: null; outcomes?: null; status?: null; end?: null; session: twinfold.v1.AskSession.$Shape })
            );
        }

        /**
         * Properties of an AskTwin.
         * @deprecated Use twinfold.v1.AskTwin.$Properties instead.
         */
        interface IAskTwin extends twinfold.v1.AskTwin.$Properties {
        }

        /** Represents an AskTwin. */
        class AskTwin {

            /**
             * Constructs a new AskTwin.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.AskTwin.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AskTwin tenant. */
            tenant: string;

            /** AskTwin device. */
            device: string;

            /**
             * Creates a new AskTwin instance using the specified properties.
             * @param [properties] Properties to set
             * @returns AskTwin instance
             */
            static create(properties: twinfold.v1.AskTwin.$Shape): twinfold.v1.AskTwin & twinfold.v1.AskTwin.$Shape;
            static create(properties?: twinfold.v1.AskTwin.$Properties): twinfold.v1.AskTwin;

            /**
             * Encodes the specified AskTwin message. Does not implicitly {@link twinfold.v1.AskTwin.verify|verify} messages.
             * @param message AskTwin message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.AskTwin.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AskTwin message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.AskTwin & twinfold.v1.AskTwin.$Shape} AskTwin
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.AskTwin & twinfold.v1.AskTwin.$Shape;

            /**
             * Creates an AskTwin message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns AskTwin
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.AskTwin;

            /**
             * Creates a plain object from an AskTwin message. Also converts values to other types if specified.
             * @param message AskTwin
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.AskTwin, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this AskTwin to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace AskTwin {

            /** Properties of an AskTwin. */
            interface $Properties {

                /** AskTwin tenant */
                tenant?: (string|null);

                /** AskTwin device */
                device?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AskTwin. */
            type $Shape = twinfold.v1.AskTwin.$Properties;
        }

        /**
         * Properties of an AskOutcomes.
         * @deprecated Use twinfold.v1.AskOutcomes.$Properties instead.
         */
        interface IAskOutcomes extends twinfold.v1.AskOutcomes.$Properties {
        }

        /** Represents an AskOutcomes. */
        class AskOutcomes {

            /**
             * Constructs a new AskOutcomes.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.AskOutcomes.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AskOutcomes seq. */
            seq: (number|Long)[];

            /** AskOutcomes index. */
            index: number[];

            /**
             * Creates a new AskOutcomes instance using the specified properties.
             * @param [properties] Properties to set
             * @returns AskOutcomes instance
             */
            static create(properties: twinfold.v1.AskOutcomes.$Shape): twinfold.v1.AskOutcomes & twinfold.v1.AskOutcomes.$Shape;
            static create(properties?: twinfold.v1.AskOutcomes.$Properties): twinfold.v1.AskOutcomes;

            /**
             * Encodes the specified AskOutcomes message. Does not implicitly {@link twinfold.v1.AskOutcomes.verify|verify} messages.
             * @param message AskOutcomes message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.AskOutcomes.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AskOutcomes message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.AskOutcomes & twinfold.v1.AskOutcomes.$Shape} AskOutcomes
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.AskOutcomes & twinfold.v1.AskOutcomes.$Shape;

            /**
             * Creates an AskOutcomes message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns AskOutcomes
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.AskOutcomes;

            /**
             * Creates a plain object from an AskOutcomes message. Also converts values to other types if specified.
             * @param message AskOutcomes
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.AskOutcomes, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this AskOutcomes to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace AskOutcomes {

            /** Properties of an AskOutcomes. */
            interface $Properties {

                /** AskOutcomes seq */
                seq?: ((number|Long)[]|null);

                /** AskOutcomes index */
                index?: (number[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AskOutcomes. */
            type $Shape = twinfold.v1.AskOutcomes.$Properties;
        }

        /**
         * Properties of an AskSession.
         * @deprecated Use twinfold.v1.AskSession.$Properties instead.
         */
        interface IAskSession extends twinfold.v1.AskSession.$Properties {
        }

        /** Represents an AskSession. */
        class AskSession {

            /**
             * Constructs a new AskSession.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.AskSession.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AskSession tenant. */
            tenant: string;

            /** AskSession session. */
            session: string;

            /**
             * Creates a new AskSession instance using the specified properties.
             * @param [properties] Properties to set
             * @returns AskSession instance
             */
            static create(properties: twinfold.v1.AskSession.$Shape): twinfold.v1.AskSession & twinfold.v1.AskSession.$Shape;
            static create(properties?: twinfold.v1.AskSession.$Properties): twinfold.v1.AskSession;

            /**
             * Encodes the specified AskSession message. Does not implicitly {@link twinfold.v1.AskSession.verify|verify} messages.
             * @param message AskSession message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.AskSession.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AskSession message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.AskSession & twinfold.v1.AskSession.$Shape} AskSession
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.AskSession & twinfold.v1.AskSession.$Shape;

            /**
             * Creates an AskSession message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns AskSession
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.AskSession;

            /**
             * Creates a plain object from an AskSession message. Also converts values to other types if specified.
             * @param message AskSession
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.AskSession, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this AskSession to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace AskSession {

            /** Properties of an AskSession. */
            interface $Properties {

                /** AskSession tenant */
                tenant?: (string|null);

                /** AskSession session */
                session?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AskSession. */
            type $Shape = twinfold.v1.AskSession.$Properties;
        }

        /**
         * Properties of an AskStatus.
         * @deprecated Use twinfold.v1.AskStatus.$Properties instead.
         */
        interface IAskStatus extends twinfold.v1.AskStatus.$Properties {
        }

        /** Represents an AskStatus. */
        class AskStatus {

            /**
             * Constructs a new AskStatus.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.AskStatus.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Creates a new AskStatus instance using the specified properties.
             * @param [properties] Properties to set
             * @returns AskStatus instance
             */
            static create(properties: twinfold.v1.AskStatus.$Shape): twinfold.v1.AskStatus & twinfold.v1.AskStatus.$Shape;
            static create(properties?: twinfold.v1.AskStatus.$Properties): twinfold.v1.AskStatus;

            /**
             * Encodes the specified AskStatus message. Does not implicitly {@link twinfold.v1.AskStatus.verify|verify} messages.
             * @param message AskStatus message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.AskStatus.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AskStatus message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.AskStatus & twinfold.v1.AskStatus.$Shape} AskStatus
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.AskStatus & twinfold.v1.AskStatus.$Shape;

            /**
             * Creates an AskStatus message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns AskStatus
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.AskStatus;

            /**
             * Creates a plain object from an AskStatus message. Also converts values to other types if specified.
             * @param message AskStatus
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.AskStatus, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this AskStatus to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace AskStatus {

            /** Properties of an AskStatus. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AskStatus. */
            type $Shape = twinfold.v1.AskStatus.$Properties;
        }

        /**
         * Properties of an AskEnd.
         * @deprecated Use twinfold.v1.AskEnd.$Properties instead.
         */
        interface IAskEnd extends twinfold.v1.AskEnd.$Properties {
        }

        /** Represents an AskEnd. */
        class AskEnd {

            /**
             * Constructs a new AskEnd.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.AskEnd.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AskEnd server. */
            server: string;

            /**
             * Creates a new AskEnd instance using the specified properties.
             * @param [properties] Properties to set
             * @returns AskEnd instance
             */
            static create(properties: twinfold.v1.AskEnd.$Shape): twinfold.v1.AskEnd & twinfold.v1.AskEnd.$Shape;
            static create(properties?: twinfold.v1.AskEnd.$Properties): twinfold.v1.AskEnd;

            /**
             * Encodes the specified AskEnd message. Does not implicitly {@link twinfold.v1.AskEnd.verify|verify} messages.
             * @param message AskEnd message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.AskEnd.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AskEnd message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.AskEnd & twinfold.v1.AskEnd.$Shape} AskEnd
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.AskEnd & twinfold.v1.AskEnd.$Shape;

            /**
             * Creates an AskEnd message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns AskEnd
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.AskEnd;

            /**
             * Creates a plain object from an AskEnd message. Also converts values to other types if specified.
             * @param message AskEnd
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.AskEnd, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this AskEnd to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace AskEnd {

            /** Properties of an AskEnd. */
            interface $Properties {

                /** AskEnd server */
                server?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AskEnd. */
            type $Shape = twinfold.v1.AskEnd.$Properties;
        }

        /** AnswerCode enum. */
        enum AnswerCode {

            /** ANSWER_CODE_OK value */
            ANSWER_CODE_OK = 0,

            /** ANSWER_CODE_NOT_FOUND value */
            ANSWER_CODE_NOT_FOUND = 1,

            /** ANSWER_CODE_NOT_OWNER value */
            ANSWER_CODE_NOT_OWNER = 2,

            /** ANSWER_CODE_BEHIND value */
            ANSWER_CODE_BEHIND = 3
        }

        /**
         * Properties of an Answer.
         * @deprecated Use twinfold.v1.Answer.$Properties instead.
         */
        interface IAnswer extends twinfold.v1.Answer.$Properties {
        }

        /** Represents an Answer. */
        class Answer {

            /**
             * Constructs a new Answer.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.Answer.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Answer code. */
            code: twinfold.v1.AnswerCode;

            /** Answer epoch. */
            epoch: (number|Long);

            /** Answer checkpoint. */
            checkpoint: (number|Long);

            /** Answer body. */
            body: Uint8Array;

            /** Answer outcome. */
            outcome: number[];

            /** Answer reason. */
            reason: number[];

            /** Answer originalSeq. */
            originalSeq: (number|Long)[];

            /** Answer originalIndex. */
            originalIndex: number[];

            /**
             * Creates a new Answer instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Answer instance
             */
            static create(properties: twinfold.v1.Answer.$Shape): twinfold.v1.Answer & twinfold.v1.Answer.$Shape;
            static create(properties?: twinfold.v1.Answer.$Properties): twinfold.v1.Answer;

            /**
             * Encodes the specified Answer message. Does not implicitly {@link twinfold.v1.Answer.verify|verify} messages.
             * @param message Answer message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.Answer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Answer message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.Answer & twinfold.v1.Answer.$Shape} Answer
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.Answer & twinfold.v1.Answer.$Shape;

            /**
             * Creates an Answer message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns Answer
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.Answer;

            /**
             * Creates a plain object from an Answer message. Also converts values to other types if specified.
             * @param message Answer
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.Answer, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this Answer to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace Answer {

            /** Properties of an Answer. */
            interface $Properties {

                /** Answer code */
                code?: (twinfold.v1.AnswerCode|null);

                /** Answer epoch */
                epoch?: (number|Long|null);

                /** Answer checkpoint */
                checkpoint?: (number|Long|null);

                /** Answer body */
                body?: (Uint8Array|null);

                /** Answer outcome */
                outcome?: (number[]|null);

                /** Answer reason */
                reason?: (number[]|null);

                /** Answer originalSeq */
                originalSeq?: ((number|Long)[]|null);

                /** Answer originalIndex */
                originalIndex?: (number[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Answer. */
            type $Shape = twinfold.v1.Answer.$Properties;
        }

        /**
         * Properties of a Will.
         * @deprecated Use twinfold.v1.Will.$Properties instead.
         */
        interface IWill extends twinfold.v1.Will.$Properties {
        }

        /** Represents a Will. */
        class Will {

            /**
             * Constructs a new Will.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.Will.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Will topic. */
            topic: string;

            /** Will payload. */
            payload: Uint8Array;

            /** Will flags. */
            flags: number;

            /** Will properties. */
            properties: Uint8Array;

            /** Will delayS. */
            delayS: number;

            /** Will expiryS. */
            expiryS?: (number|null);

            /**
             * Creates a new Will instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Will instance
             */
            static create(properties: twinfold.v1.Will.$Shape): twinfold.v1.Will & twinfold.v1.Will.$Shape;
            static create(properties?: twinfold.v1.Will.$Properties): twinfold.v1.Will;

            /**
             * Encodes the specified Will message. Does not implicitly {@link twinfold.v1.Will.verify|verify} messages.
             * @param message Will message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.Will.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Will message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.Will & twinfold.v1.Will.$Shape} Will
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.Will & twinfold.v1.Will.$Shape;

            /**
             * Creates a Will message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns Will
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.Will;

            /**
             * Creates a plain object from a Will message. Also converts values to other types if specified.
             * @param message Will
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.Will, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this Will to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace Will {

            /** Properties of a Will. */
            interface $Properties {

                /** Will topic */
                topic?: (string|null);

                /** Will payload */
                payload?: (Uint8Array|null);

                /** Will flags */
                flags?: (number|null);

                /** Will properties */
                properties?: (Uint8Array|null);

                /** Will delayS */
                delayS?: (number|null);

                /** Will expiryS */
                expiryS?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Will. */
            type $Shape = twinfold.v1.Will.$Properties;
        }

        /**
         * Properties of a Connected.
         * @deprecated Use twinfold.v1.Connected.$Properties instead.
         */
        interface IConnected extends twinfold.v1.Connected.$Properties {
        }

        /** Represents a Connected. */
        class Connected {

            /**
             * Constructs a new Connected.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.Connected.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Connected cleanStart. */
            cleanStart: boolean;

            /** Connected expiryS. */
            expiryS: number;

            /** Connected keepAliveS. */
            keepAliveS: number;

            /** Connected level. */
            level: number;

            /** Connected address. */
            address: string;

            /** Connected will. */
            will?: (twinfold.v1.Will.$Properties|null);

            /** Connected edgeConnection. */
            edgeConnection: (number|Long);

            /**
             * Creates a new Connected instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Connected instance
             */
            static create(properties: twinfold.v1.Connected.$Shape): twinfold.v1.Connected & twinfold.v1.Connected.$Shape;
            static create(properties?: twinfold.v1.Connected.$Properties): twinfold.v1.Connected;

            /**
             * Encodes the specified Connected message. Does not implicitly {@link twinfold.v1.Connected.verify|verify} messages.
             * @param message Connected message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.Connected.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Connected message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.Connected & twinfold.v1.Connected.$Shape} Connected
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.Connected & twinfold.v1.Connected.$Shape;

            /**
             * Creates a Connected message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns Connected
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.Connected;

            /**
             * Creates a plain object from a Connected message. Also converts values to other types if specified.
             * @param message Connected
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.Connected, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this Connected to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace Connected {

            /** Properties of a Connected. */
            interface $Properties {

                /** Connected cleanStart */
                cleanStart?: (boolean|null);

                /** Connected expiryS */
                expiryS?: (number|null);

                /** Connected keepAliveS */
                keepAliveS?: (number|null);

                /** Connected level */
                level?: (number|null);

                /** Connected address */
                address?: (string|null);

                /** Connected will */
                will?: (twinfold.v1.Will.$Properties|null);

                /** Connected edgeConnection */
                edgeConnection?: (number|Long|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Connected. */
            type $Shape = twinfold.v1.Connected.$Properties;
        }

        /**
         * Properties of a Disconnected.
         * @deprecated Use twinfold.v1.Disconnected.$Properties instead.
         */
        interface IDisconnected extends twinfold.v1.Disconnected.$Properties {
        }

        /** Represents a Disconnected. */
        class Disconnected {

            /**
             * Constructs a new Disconnected.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.Disconnected.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Disconnected reason. */
            reason: number;

            /** Disconnected why. */
            why: string;

            /** Disconnected sendWill. */
            sendWill: boolean;

            /** Disconnected expiryS. */
            expiryS?: (number|null);

            /** Disconnected edgeConnection. */
            edgeConnection: (number|Long);

            /** Disconnected last. */
            last?: (twinfold.v1.SessionChange.$Properties|null);

            /**
             * Creates a new Disconnected instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Disconnected instance
             */
            static create(properties: twinfold.v1.Disconnected.$Shape): twinfold.v1.Disconnected & twinfold.v1.Disconnected.$Shape;
            static create(properties?: twinfold.v1.Disconnected.$Properties): twinfold.v1.Disconnected;

            /**
             * Encodes the specified Disconnected message. Does not implicitly {@link twinfold.v1.Disconnected.verify|verify} messages.
             * @param message Disconnected message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.Disconnected.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Disconnected message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.Disconnected & twinfold.v1.Disconnected.$Shape} Disconnected
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.Disconnected & twinfold.v1.Disconnected.$Shape;

            /**
             * Creates a Disconnected message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns Disconnected
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.Disconnected;

            /**
             * Creates a plain object from a Disconnected message. Also converts values to other types if specified.
             * @param message Disconnected
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.Disconnected, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this Disconnected to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace Disconnected {

            /** Properties of a Disconnected. */
            interface $Properties {

                /** Disconnected reason */
                reason?: (number|null);

                /** Disconnected why */
                why?: (string|null);

                /** Disconnected sendWill */
                sendWill?: (boolean|null);

                /** Disconnected expiryS */
                expiryS?: (number|null);

                /** Disconnected edgeConnection */
                edgeConnection?: (number|Long|null);

                /** Disconnected last */
                last?: (twinfold.v1.SessionChange.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Disconnected. */
            type $Shape = twinfold.v1.Disconnected.$Properties;
        }

        /**
         * Properties of a Subscription.
         * @deprecated Use twinfold.v1.Subscription.$Properties instead.
         */
        interface ISubscription extends twinfold.v1.Subscription.$Properties {
        }

        /** Represents a Subscription. */
        class Subscription {

            /**
             * Constructs a new Subscription.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.Subscription.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Subscription filter. */
            filter: string;

            /** Subscription qos. */
            qos: number;

            /** Subscription noLocal. */
            noLocal: boolean;

            /** Subscription retainAsPublished. */
            retainAsPublished: boolean;

            /** Subscription retainHandling. */
            retainHandling: number;

            /** Subscription id. */
            id: number;

            /** Subscription since. */
            since: (number|Long)[];

            /** Subscription retainedDue. */
            retainedDue: boolean;

            /** Subscription retainedSince. */
            retainedSince: (number|Long)[];

            /**
             * Creates a new Subscription instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Subscription instance
             */
            static create(properties: twinfold.v1.Subscription.$Shape): twinfold.v1.Subscription & twinfold.v1.Subscription.$Shape;
            static create(properties?: twinfold.v1.Subscription.$Properties): twinfold.v1.Subscription;

            /**
             * Encodes the specified Subscription message. Does not implicitly {@link twinfold.v1.Subscription.verify|verify} messages.
             * @param message Subscription message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.Subscription.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Subscription message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.Subscription & twinfold.v1.Subscription.$Shape} Subscription
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.Subscription & twinfold.v1.Subscription.$Shape;

            /**
             * Creates a Subscription message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns Subscription
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.Subscription;

            /**
             * Creates a plain object from a Subscription message. Also converts values to other types if specified.
             * @param message Subscription
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.Subscription, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this Subscription to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace Subscription {

            /** Properties of a Subscription. */
            interface $Properties {

                /** Subscription filter */
                filter?: (string|null);

                /** Subscription qos */
                qos?: (number|null);

                /** Subscription noLocal */
                noLocal?: (boolean|null);

                /** Subscription retainAsPublished */
                retainAsPublished?: (boolean|null);

                /** Subscription retainHandling */
                retainHandling?: (number|null);

                /** Subscription id */
                id?: (number|null);

                /** Subscription since */
                since?: ((number|Long)[]|null);

                /** Subscription retainedDue */
                retainedDue?: (boolean|null);

                /** Subscription retainedSince */
                retainedSince?: ((number|Long)[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Subscription. */
            type $Shape = twinfold.v1.Subscription.$Properties;
        }

        /** OutgoingState enum. */
        enum OutgoingState {

            /** OUTGOING_STATE_DONE value */
            OUTGOING_STATE_DONE = 0,

            /** OUTGOING_STATE_SENT value */
            OUTGOING_STATE_SENT = 1,

            /** OUTGOING_STATE_RELEASED value */
            OUTGOING_STATE_RELEASED = 2
        }

        /**
         * Properties of an Outgoing.
         * @deprecated Use twinfold.v1.Outgoing.$Properties instead.
         */
        interface IOutgoing extends twinfold.v1.Outgoing.$Properties {
        }

        /** Represents an Outgoing. */
        class Outgoing {

            /**
             * Constructs a new Outgoing.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.Outgoing.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Outgoing packetId. */
            packetId: number;

            /** Outgoing state. */
            state: twinfold.v1.OutgoingState;

            /** Outgoing partition. */
            partition: number;

            /** Outgoing place. */
            place: (number|Long);

            /** Outgoing retained. */
            retained: boolean;

            /** Outgoing share. */
            share: number;

            /**
             * Creates a new Outgoing instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Outgoing instance
             */
            static create(properties: twinfold.v1.Outgoing.$Shape): twinfold.v1.Outgoing & twinfold.v1.Outgoing.$Shape;
            static create(properties?: twinfold.v1.Outgoing.$Properties): twinfold.v1.Outgoing;

            /**
             * Encodes the specified Outgoing message. Does not implicitly {@link twinfold.v1.Outgoing.verify|verify} messages.
             * @param message Outgoing message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.Outgoing.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Outgoing message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.Outgoing & twinfold.v1.Outgoing.$Shape} Outgoing
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.Outgoing & twinfold.v1.Outgoing.$Shape;

            /**
             * Creates an Outgoing message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns Outgoing
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.Outgoing;

            /**
             * Creates a plain object from an Outgoing message. Also converts values to other types if specified.
             * @param message Outgoing
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.Outgoing, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this Outgoing to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace Outgoing {

            /** Properties of an Outgoing. */
            interface $Properties {

                /** Outgoing packetId */
                packetId?: (number|null);

                /** Outgoing state */
                state?: (twinfold.v1.OutgoingState|null);

                /** Outgoing partition */
                partition?: (number|null);

                /** Outgoing place */
                place?: (number|Long|null);

                /** Outgoing retained */
                retained?: (boolean|null);

                /** Outgoing share */
                share?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Outgoing. */
            type $Shape = twinfold.v1.Outgoing.$Properties;
        }

        /**
         * Properties of an InFlight.
         * @deprecated Use twinfold.v1.InFlight.$Properties instead.
         */
        interface IInFlight extends twinfold.v1.InFlight.$Properties {
        }

        /** Represents an InFlight. */
        class InFlight {

            /**
             * Constructs a new InFlight.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.InFlight.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** InFlight lastPacketId. */
            lastPacketId: number;

            /** InFlight packetId. */
            packetId: number[];

            /** InFlight partition. */
            partition: number[];

            /** InFlight place. */
            place: (number|Long)[];

            /** InFlight reached. */
            reached: (number|Long)[];

            /**
             * Creates a new InFlight instance using the specified properties.
             * @param [properties] Properties to set
             * @returns InFlight instance
             */
            static create(properties: twinfold.v1.InFlight.$Shape): twinfold.v1.InFlight & twinfold.v1.InFlight.$Shape;
            static create(properties?: twinfold.v1.InFlight.$Properties): twinfold.v1.InFlight;

            /**
             * Encodes the specified InFlight message. Does not implicitly {@link twinfold.v1.InFlight.verify|verify} messages.
             * @param message InFlight message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.InFlight.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an InFlight message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.InFlight & twinfold.v1.InFlight.$Shape} InFlight
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.InFlight & twinfold.v1.InFlight.$Shape;

            /**
             * Creates an InFlight message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns InFlight
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.InFlight;

            /**
             * Creates a plain object from an InFlight message. Also converts values to other types if specified.
             * @param message InFlight
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.InFlight, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this InFlight to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace InFlight {

            /** Properties of an InFlight. */
            interface $Properties {

                /** InFlight lastPacketId */
                lastPacketId?: (number|null);

                /** InFlight packetId */
                packetId?: (number[]|null);

                /** InFlight partition */
                partition?: (number[]|null);

                /** InFlight place */
                place?: ((number|Long)[]|null);

                /** InFlight reached */
                reached?: ((number|Long)[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an InFlight. */
            type $Shape = twinfold.v1.InFlight.$Properties;
        }

        /**
         * Properties of a SessionChange.
         * @deprecated Use twinfold.v1.SessionChange.$Properties instead.
         */
        interface ISessionChange extends twinfold.v1.SessionChange.$Properties {
        }

        /** Represents a SessionChange. */
        class SessionChange {

            /**
             * Constructs a new SessionChange.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.SessionChange.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SessionChange subscribed. */
            subscribed: twinfold.v1.Subscription.$Properties[];

            /** SessionChange unsubscribed. */
            unsubscribed: string[];

            /** SessionChange released. */
            released: number[];

            /** SessionChange cursor. */
            cursor: (number|Long)[];

            /** SessionChange outgoing. */
            outgoing: twinfold.v1.Outgoing.$Properties[];

            /** SessionChange viewCursor. */
            viewCursor: (number|Long)[];

            /** SessionChange inFlight. */
            inFlight?: (twinfold.v1.InFlight.$Properties|null);

            /** SessionChange retainedGiven. */
            retainedGiven: string[];

            /**
             * Creates a new SessionChange instance using the specified properties.
             * @param [properties] Properties to set
             * @returns SessionChange instance
             */
            static create(properties: twinfold.v1.SessionChange.$Shape): twinfold.v1.SessionChange & twinfold.v1.SessionChange.$Shape;
            static create(properties?: twinfold.v1.SessionChange.$Properties): twinfold.v1.SessionChange;

            /**
             * Encodes the specified SessionChange message. Does not implicitly {@link twinfold.v1.SessionChange.verify|verify} messages.
             * @param message SessionChange message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.SessionChange.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SessionChange message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.SessionChange & twinfold.v1.SessionChange.$Shape} SessionChange
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.SessionChange & twinfold.v1.SessionChange.$Shape;

            /**
             * Creates a SessionChange message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns SessionChange
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.SessionChange;

            /**
             * Creates a plain object from a SessionChange message. Also converts values to other types if specified.
             * @param message SessionChange
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.SessionChange, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this SessionChange to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace SessionChange {

            /** Properties of a SessionChange. */
            interface $Properties {

                /** SessionChange subscribed */
                subscribed?: (twinfold.v1.Subscription.$Properties[]|null);

                /** SessionChange unsubscribed */
                unsubscribed?: (string[]|null);

                /** SessionChange released */
                released?: (number[]|null);

                /** SessionChange cursor */
                cursor?: ((number|Long)[]|null);

                /** SessionChange outgoing */
                outgoing?: (twinfold.v1.Outgoing.$Properties[]|null);

                /** SessionChange viewCursor */
                viewCursor?: ((number|Long)[]|null);

                /** SessionChange inFlight */
                inFlight?: (twinfold.v1.InFlight.$Properties|null);

                /** SessionChange retainedGiven */
                retainedGiven?: (string[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SessionChange. */
            type $Shape = twinfold.v1.SessionChange.$Properties;
        }

        /**
         * Properties of a SessionState.
         * @deprecated Use twinfold.v1.SessionState.$Properties instead.
         */
        interface ISessionState extends twinfold.v1.SessionState.$Properties {
        }

        /** Represents a SessionState. */
        class SessionState {

            /**
             * Constructs a new SessionState.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.SessionState.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SessionState tenant. */
            tenant: string;

            /** SessionState session. */
            session: string;

            /** SessionState device. */
            device: string;

            /** SessionState connection. */
            connection: (number|Long);

            /** SessionState connected. */
            connected: boolean;

            /** SessionState edgeEpoch. */
            edgeEpoch: (number|Long);

            /** SessionState edgeConnection. */
            edgeConnection: (number|Long);

            /** SessionState connectedMs. */
            connectedMs: (number|Long);

            /** SessionState disconnectedMs. */
            disconnectedMs: (number|Long);

            /** SessionState expiryS. */
            expiryS: number;

            /** SessionState keepAliveS. */
            keepAliveS: number;

            /** SessionState level. */
            level: number;

            /** SessionState address. */
            address: string;

            /** SessionState gateway. */
            gateway: string;

            /** SessionState will. */
            will?: (twinfold.v1.Will.$Properties|null);

            /** SessionState subscriptions. */
            subscriptions: twinfold.v1.Subscription.$Properties[];

            /** SessionState received. */
            received: number[];

            /** SessionState cursor. */
            cursor: (number|Long)[];

            /** SessionState outgoing. */
            outgoing: twinfold.v1.Outgoing.$Properties[];

            /** SessionState viewCursor. */
            viewCursor: (number|Long)[];

            /** SessionState resumed. */
            resumed: boolean;

            /** SessionState previousConnection. */
            previousConnection: (number|Long);

            /** SessionState previousEdgeEpoch. */
            previousEdgeEpoch: (number|Long);

            /** SessionState orphaned. */
            orphaned: boolean;

            /** SessionState recentConnectsMs. */
            recentConnectsMs: (number|Long)[];

            /** SessionState disconnectReason. */
            disconnectReason: number;

            /** SessionState disconnectWhy. */
            disconnectWhy: string;

            /** SessionState firstConnection. */
            firstConnection: (number|Long);

            /** SessionState cause. */
            cause: (number|Long);

            /** SessionState edge. */
            edge: string;

            /** SessionState via. */
            via: twinfold.v1.Via;

            /** SessionState inFlight. */
            inFlight?: (twinfold.v1.InFlight.$Properties|null);

            /** SessionState parted. */
            parted: boolean;

            /**
             * Creates a new SessionState instance using the specified properties.
             * @param [properties] Properties to set
             * @returns SessionState instance
             */
            static create(properties: twinfold.v1.SessionState.$Shape): twinfold.v1.SessionState & twinfold.v1.SessionState.$Shape;
            static create(properties?: twinfold.v1.SessionState.$Properties): twinfold.v1.SessionState;

            /**
             * Encodes the specified SessionState message. Does not implicitly {@link twinfold.v1.SessionState.verify|verify} messages.
             * @param message SessionState message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.SessionState.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SessionState message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.SessionState & twinfold.v1.SessionState.$Shape} SessionState
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.SessionState & twinfold.v1.SessionState.$Shape;

            /**
             * Creates a SessionState message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns SessionState
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.SessionState;

            /**
             * Creates a plain object from a SessionState message. Also converts values to other types if specified.
             * @param message SessionState
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.SessionState, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this SessionState to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace SessionState {

            /** Properties of a SessionState. */
            interface $Properties {

                /** SessionState tenant */
                tenant?: (string|null);

                /** SessionState session */
                session?: (string|null);

                /** SessionState device */
                device?: (string|null);

                /** SessionState connection */
                connection?: (number|Long|null);

                /** SessionState connected */
                connected?: (boolean|null);

                /** SessionState edgeEpoch */
                edgeEpoch?: (number|Long|null);

                /** SessionState edgeConnection */
                edgeConnection?: (number|Long|null);

                /** SessionState connectedMs */
                connectedMs?: (number|Long|null);

                /** SessionState disconnectedMs */
                disconnectedMs?: (number|Long|null);

                /** SessionState expiryS */
                expiryS?: (number|null);

                /** SessionState keepAliveS */
                keepAliveS?: (number|null);

                /** SessionState level */
                level?: (number|null);

                /** SessionState address */
                address?: (string|null);

                /** SessionState gateway */
                gateway?: (string|null);

                /** SessionState will */
                will?: (twinfold.v1.Will.$Properties|null);

                /** SessionState subscriptions */
                subscriptions?: (twinfold.v1.Subscription.$Properties[]|null);

                /** SessionState received */
                received?: (number[]|null);

                /** SessionState cursor */
                cursor?: ((number|Long)[]|null);

                /** SessionState outgoing */
                outgoing?: (twinfold.v1.Outgoing.$Properties[]|null);

                /** SessionState viewCursor */
                viewCursor?: ((number|Long)[]|null);

                /** SessionState resumed */
                resumed?: (boolean|null);

                /** SessionState previousConnection */
                previousConnection?: (number|Long|null);

                /** SessionState previousEdgeEpoch */
                previousEdgeEpoch?: (number|Long|null);

                /** SessionState orphaned */
                orphaned?: (boolean|null);

                /** SessionState recentConnectsMs */
                recentConnectsMs?: ((number|Long)[]|null);

                /** SessionState disconnectReason */
                disconnectReason?: (number|null);

                /** SessionState disconnectWhy */
                disconnectWhy?: (string|null);

                /** SessionState firstConnection */
                firstConnection?: (number|Long|null);

                /** SessionState cause */
                cause?: (number|Long|null);

                /** SessionState edge */
                edge?: (string|null);

                /** SessionState via */
                via?: (twinfold.v1.Via|null);

                /** SessionState inFlight */
                inFlight?: (twinfold.v1.InFlight.$Properties|null);

                /** SessionState parted */
                parted?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SessionState. */
            type $Shape = twinfold.v1.SessionState.$Properties;
        }

        /**
         * Properties of an AskRetained.
         * @deprecated Use twinfold.v1.AskRetained.$Properties instead.
         */
        interface IAskRetained extends twinfold.v1.AskRetained.$Properties {
        }

        /** Represents an AskRetained. */
        class AskRetained {

            /**
             * Constructs a new AskRetained.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.AskRetained.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AskRetained tenant. */
            tenant: string;

            /** AskRetained filter. */
            filter: string;

            /** AskRetained minSeq. */
            minSeq: (number|Long);

            /** AskRetained after. */
            after: string;

            /** AskRetained bytesMax. */
            bytesMax: number;

            /** AskRetained server. */
            server: string;

            /**
             * Creates a new AskRetained instance using the specified properties.
             * @param [properties] Properties to set
             * @returns AskRetained instance
             */
            static create(properties: twinfold.v1.AskRetained.$Shape): twinfold.v1.AskRetained & twinfold.v1.AskRetained.$Shape;
            static create(properties?: twinfold.v1.AskRetained.$Properties): twinfold.v1.AskRetained;

            /**
             * Encodes the specified AskRetained message. Does not implicitly {@link twinfold.v1.AskRetained.verify|verify} messages.
             * @param message AskRetained message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.AskRetained.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AskRetained message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.AskRetained & twinfold.v1.AskRetained.$Shape} AskRetained
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.AskRetained & twinfold.v1.AskRetained.$Shape;

            /**
             * Creates an AskRetained message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns AskRetained
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.AskRetained;

            /**
             * Creates a plain object from an AskRetained message. Also converts values to other types if specified.
             * @param message AskRetained
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.AskRetained, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this AskRetained to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace AskRetained {

            /** Properties of an AskRetained. */
            interface $Properties {

                /** AskRetained tenant */
                tenant?: (string|null);

                /** AskRetained filter */
                filter?: (string|null);

                /** AskRetained minSeq */
                minSeq?: (number|Long|null);

                /** AskRetained after */
                after?: (string|null);

                /** AskRetained bytesMax */
                bytesMax?: (number|null);

                /** AskRetained server */
                server?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AskRetained. */
            type $Shape = twinfold.v1.AskRetained.$Properties;
        }

        /**
         * Properties of a RetainedMessage.
         * @deprecated Use twinfold.v1.RetainedMessage.$Properties instead.
         */
        interface IRetainedMessage extends twinfold.v1.RetainedMessage.$Properties {
        }

        /** Represents a RetainedMessage. */
        class RetainedMessage {

            /**
             * Constructs a new RetainedMessage.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.RetainedMessage.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RetainedMessage seq. */
            seq: (number|Long);

            /** RetainedMessage index. */
            index: number;

            /** RetainedMessage event. */
            event: Uint8Array;

            /**
             * Creates a new RetainedMessage instance using the specified properties.
             * @param [properties] Properties to set
             * @returns RetainedMessage instance
             */
            static create(properties: twinfold.v1.RetainedMessage.$Shape): twinfold.v1.RetainedMessage & twinfold.v1.RetainedMessage.$Shape;
            static create(properties?: twinfold.v1.RetainedMessage.$Properties): twinfold.v1.RetainedMessage;

            /**
             * Encodes the specified RetainedMessage message. Does not implicitly {@link twinfold.v1.RetainedMessage.verify|verify} messages.
             * @param message RetainedMessage message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.RetainedMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RetainedMessage message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.RetainedMessage & twinfold.v1.RetainedMessage.$Shape} RetainedMessage
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.RetainedMessage & twinfold.v1.RetainedMessage.$Shape;

            /**
             * Creates a RetainedMessage message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns RetainedMessage
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.RetainedMessage;

            /**
             * Creates a plain object from a RetainedMessage message. Also converts values to other types if specified.
             * @param message RetainedMessage
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.RetainedMessage, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this RetainedMessage to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace RetainedMessage {

            /** Properties of a RetainedMessage. */
            interface $Properties {

                /** RetainedMessage seq */
                seq?: (number|Long|null);

                /** RetainedMessage index */
                index?: (number|null);

                /** RetainedMessage event */
                event?: (Uint8Array|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RetainedMessage. */
            type $Shape = twinfold.v1.RetainedMessage.$Properties;
        }

        /**
         * Properties of a RetainedAnswer.
         * @deprecated Use twinfold.v1.RetainedAnswer.$Properties instead.
         */
        interface IRetainedAnswer extends twinfold.v1.RetainedAnswer.$Properties {
        }

        /** Represents a RetainedAnswer. */
        class RetainedAnswer {

            /**
             * Constructs a new RetainedAnswer.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.RetainedAnswer.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RetainedAnswer code. */
            code: number;

            /** RetainedAnswer messages. */
            messages: twinfold.v1.RetainedMessage.$Properties[];

            /** RetainedAnswer next. */
            next: string;

            /** RetainedAnswer checkpoint. */
            checkpoint: (number|Long);

            /**
             * Creates a new RetainedAnswer instance using the specified properties.
             * @param [properties] Properties to set
             * @returns RetainedAnswer instance
             */
            static create(properties: twinfold.v1.RetainedAnswer.$Shape): twinfold.v1.RetainedAnswer & twinfold.v1.RetainedAnswer.$Shape;
            static create(properties?: twinfold.v1.RetainedAnswer.$Properties): twinfold.v1.RetainedAnswer;

            /**
             * Encodes the specified RetainedAnswer message. Does not implicitly {@link twinfold.v1.RetainedAnswer.verify|verify} messages.
             * @param message RetainedAnswer message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.RetainedAnswer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RetainedAnswer message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.RetainedAnswer & twinfold.v1.RetainedAnswer.$Shape} RetainedAnswer
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.RetainedAnswer & twinfold.v1.RetainedAnswer.$Shape;

            /**
             * Creates a RetainedAnswer message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns RetainedAnswer
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.RetainedAnswer;

            /**
             * Creates a plain object from a RetainedAnswer message. Also converts values to other types if specified.
             * @param message RetainedAnswer
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.RetainedAnswer, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this RetainedAnswer to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace RetainedAnswer {

            /** Properties of a RetainedAnswer. */
            interface $Properties {

                /** RetainedAnswer code */
                code?: (number|null);

                /** RetainedAnswer messages */
                messages?: (twinfold.v1.RetainedMessage.$Properties[]|null);

                /** RetainedAnswer next */
                next?: (string|null);

                /** RetainedAnswer checkpoint */
                checkpoint?: (number|Long|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RetainedAnswer. */
            type $Shape = twinfold.v1.RetainedAnswer.$Properties;
        }

        /**
         * Properties of a TopicCheckpoint.
         * @deprecated Use twinfold.v1.TopicCheckpoint.$Properties instead.
         */
        interface ITopicCheckpoint extends twinfold.v1.TopicCheckpoint.$Properties {
        }

        /** Represents a TopicCheckpoint. */
        class TopicCheckpoint {

            /**
             * Constructs a new TopicCheckpoint.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.TopicCheckpoint.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** TopicCheckpoint seq. */
            seq: (number|Long);

            /** TopicCheckpoint timestampMs. */
            timestampMs: (number|Long);

            /** TopicCheckpoint edgeEpoch. */
            edgeEpoch: (number|Long);

            /** TopicCheckpoint counter. */
            counter: (number|Long);

            /** TopicCheckpoint instance. */
            instance: string;

            /** TopicCheckpoint writer. */
            writer: (number|Long)[];

            /** TopicCheckpoint writerCounter. */
            writerCounter: (number|Long)[];

            /**
             * Creates a new TopicCheckpoint instance using the specified properties.
             * @param [properties] Properties to set
             * @returns TopicCheckpoint instance
             */
            static create(properties: twinfold.v1.TopicCheckpoint.$Shape): twinfold.v1.TopicCheckpoint & twinfold.v1.TopicCheckpoint.$Shape;
            static create(properties?: twinfold.v1.TopicCheckpoint.$Properties): twinfold.v1.TopicCheckpoint;

            /**
             * Encodes the specified TopicCheckpoint message. Does not implicitly {@link twinfold.v1.TopicCheckpoint.verify|verify} messages.
             * @param message TopicCheckpoint message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.TopicCheckpoint.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TopicCheckpoint message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.TopicCheckpoint & twinfold.v1.TopicCheckpoint.$Shape} TopicCheckpoint
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.TopicCheckpoint & twinfold.v1.TopicCheckpoint.$Shape;

            /**
             * Creates a TopicCheckpoint message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns TopicCheckpoint
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.TopicCheckpoint;

            /**
             * Creates a plain object from a TopicCheckpoint message. Also converts values to other types if specified.
             * @param message TopicCheckpoint
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.TopicCheckpoint, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this TopicCheckpoint to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace TopicCheckpoint {

            /** Properties of a TopicCheckpoint. */
            interface $Properties {

                /** TopicCheckpoint seq */
                seq?: (number|Long|null);

                /** TopicCheckpoint timestampMs */
                timestampMs?: (number|Long|null);

                /** TopicCheckpoint edgeEpoch */
                edgeEpoch?: (number|Long|null);

                /** TopicCheckpoint counter */
                counter?: (number|Long|null);

                /** TopicCheckpoint instance */
                instance?: (string|null);

                /** TopicCheckpoint writer */
                writer?: ((number|Long)[]|null);

                /** TopicCheckpoint writerCounter */
                writerCounter?: ((number|Long)[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TopicCheckpoint. */
            type $Shape = twinfold.v1.TopicCheckpoint.$Properties;
        }

        /**
         * Properties of a TopicSegment.
         * @deprecated Use twinfold.v1.TopicSegment.$Properties instead.
         */
        interface ITopicSegment extends twinfold.v1.TopicSegment.$Properties {
        }

        /** Represents a TopicSegment. */
        class TopicSegment {

            /**
             * Constructs a new TopicSegment.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.TopicSegment.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** TopicSegment fromSeq. */
            fromSeq: (number|Long);

            /** TopicSegment toSeq. */
            toSeq: (number|Long);

            /** TopicSegment entries. */
            entries: number;

            /**
             * Creates a new TopicSegment instance using the specified properties.
             * @param [properties] Properties to set
             * @returns TopicSegment instance
             */
            static create(properties: twinfold.v1.TopicSegment.$Shape): twinfold.v1.TopicSegment & twinfold.v1.TopicSegment.$Shape;
            static create(properties?: twinfold.v1.TopicSegment.$Properties): twinfold.v1.TopicSegment;

            /**
             * Encodes the specified TopicSegment message. Does not implicitly {@link twinfold.v1.TopicSegment.verify|verify} messages.
             * @param message TopicSegment message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.TopicSegment.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TopicSegment message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.TopicSegment & twinfold.v1.TopicSegment.$Shape} TopicSegment
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.TopicSegment & twinfold.v1.TopicSegment.$Shape;

            /**
             * Creates a TopicSegment message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns TopicSegment
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.TopicSegment;

            /**
             * Creates a plain object from a TopicSegment message. Also converts values to other types if specified.
             * @param message TopicSegment
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.TopicSegment, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this TopicSegment to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace TopicSegment {

            /** Properties of a TopicSegment. */
            interface $Properties {

                /** TopicSegment fromSeq */
                fromSeq?: (number|Long|null);

                /** TopicSegment toSeq */
                toSeq?: (number|Long|null);

                /** TopicSegment entries */
                entries?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TopicSegment. */
            type $Shape = twinfold.v1.TopicSegment.$Properties;
        }

        /**
         * Properties of a TopicGlance.
         * @deprecated Use twinfold.v1.TopicGlance.$Properties instead.
         */
        interface ITopicGlance extends twinfold.v1.TopicGlance.$Properties {
        }

        /** Represents a TopicGlance. */
        class TopicGlance {

            /**
             * Constructs a new TopicGlance.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.TopicGlance.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** TopicGlance tenant. */
            tenant: string;

            /** TopicGlance topic. */
            topic: string;

            /**
             * Creates a new TopicGlance instance using the specified properties.
             * @param [properties] Properties to set
             * @returns TopicGlance instance
             */
            static create(properties: twinfold.v1.TopicGlance.$Shape): twinfold.v1.TopicGlance & twinfold.v1.TopicGlance.$Shape;
            static create(properties?: twinfold.v1.TopicGlance.$Properties): twinfold.v1.TopicGlance;

            /**
             * Encodes the specified TopicGlance message. Does not implicitly {@link twinfold.v1.TopicGlance.verify|verify} messages.
             * @param message TopicGlance message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.TopicGlance.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TopicGlance message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.TopicGlance & twinfold.v1.TopicGlance.$Shape} TopicGlance
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.TopicGlance & twinfold.v1.TopicGlance.$Shape;

            /**
             * Creates a TopicGlance message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns TopicGlance
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.TopicGlance;

            /**
             * Creates a plain object from a TopicGlance message. Also converts values to other types if specified.
             * @param message TopicGlance
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.TopicGlance, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this TopicGlance to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace TopicGlance {

            /** Properties of a TopicGlance. */
            interface $Properties {

                /** TopicGlance tenant */
                tenant?: (string|null);

                /** TopicGlance topic */
                topic?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TopicGlance. */
            type $Shape = twinfold.v1.TopicGlance.$Properties;
        }

        /**
         * Properties of a DownlinkPublish.
         * @deprecated Use twinfold.v1.DownlinkPublish.$Properties instead.
         */
        interface IDownlinkPublish extends twinfold.v1.DownlinkPublish.$Properties {
        }

        /** Represents a DownlinkPublish. */
        class DownlinkPublish {

            /**
             * Constructs a new DownlinkPublish.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.DownlinkPublish.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DownlinkPublish topic. */
            topic: string;

            /** DownlinkPublish payload. */
            payload: Uint8Array;

            /** DownlinkPublish qos. */
            qos: number;

            /** DownlinkPublish contentType. */
            contentType: string;

            /**
             * Creates a new DownlinkPublish instance using the specified properties.
             * @param [properties] Properties to set
             * @returns DownlinkPublish instance
             */
            static create(properties: twinfold.v1.DownlinkPublish.$Shape): twinfold.v1.DownlinkPublish & twinfold.v1.DownlinkPublish.$Shape;
            static create(properties?: twinfold.v1.DownlinkPublish.$Properties): twinfold.v1.DownlinkPublish;

            /**
             * Encodes the specified DownlinkPublish message. Does not implicitly {@link twinfold.v1.DownlinkPublish.verify|verify} messages.
             * @param message DownlinkPublish message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.DownlinkPublish.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DownlinkPublish message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.DownlinkPublish & twinfold.v1.DownlinkPublish.$Shape} DownlinkPublish
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.DownlinkPublish & twinfold.v1.DownlinkPublish.$Shape;

            /**
             * Creates a DownlinkPublish message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns DownlinkPublish
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.DownlinkPublish;

            /**
             * Creates a plain object from a DownlinkPublish message. Also converts values to other types if specified.
             * @param message DownlinkPublish
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.DownlinkPublish, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this DownlinkPublish to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace DownlinkPublish {

            /** Properties of a DownlinkPublish. */
            interface $Properties {

                /** DownlinkPublish topic */
                topic?: (string|null);

                /** DownlinkPublish payload */
                payload?: (Uint8Array|null);

                /** DownlinkPublish qos */
                qos?: (number|null);

                /** DownlinkPublish contentType */
                contentType?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DownlinkPublish. */
            type $Shape = twinfold.v1.DownlinkPublish.$Properties;
        }

        /**
         * Properties of a DownlinkReport.
         * @deprecated Use twinfold.v1.DownlinkReport.$Properties instead.
         */
        interface IDownlinkReport extends twinfold.v1.DownlinkReport.$Properties {
        }

        /** Represents a DownlinkReport. */
        class DownlinkReport {

            /**
             * Constructs a new DownlinkReport.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.DownlinkReport.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DownlinkReport topic. */
            topic: string;

            /** DownlinkReport code. */
            code: string;

            /** DownlinkReport position. */
            position: string;

            /**
             * Creates a new DownlinkReport instance using the specified properties.
             * @param [properties] Properties to set
             * @returns DownlinkReport instance
             */
            static create(properties: twinfold.v1.DownlinkReport.$Shape): twinfold.v1.DownlinkReport & twinfold.v1.DownlinkReport.$Shape;
            static create(properties?: twinfold.v1.DownlinkReport.$Properties): twinfold.v1.DownlinkReport;

            /**
             * Encodes the specified DownlinkReport message. Does not implicitly {@link twinfold.v1.DownlinkReport.verify|verify} messages.
             * @param message DownlinkReport message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.DownlinkReport.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DownlinkReport message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.DownlinkReport & twinfold.v1.DownlinkReport.$Shape} DownlinkReport
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.DownlinkReport & twinfold.v1.DownlinkReport.$Shape;

            /**
             * Creates a DownlinkReport message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns DownlinkReport
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.DownlinkReport;

            /**
             * Creates a plain object from a DownlinkReport message. Also converts values to other types if specified.
             * @param message DownlinkReport
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.DownlinkReport, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this DownlinkReport to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace DownlinkReport {

            /** Properties of a DownlinkReport. */
            interface $Properties {

                /** DownlinkReport topic */
                topic?: (string|null);

                /** DownlinkReport code */
                code?: (string|null);

                /** DownlinkReport position */
                position?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DownlinkReport. */
            type $Shape = twinfold.v1.DownlinkReport.$Properties;
        }

        /**
         * Properties of a DownlinkReports.
         * @deprecated Use twinfold.v1.DownlinkReports.$Properties instead.
         */
        interface IDownlinkReports extends twinfold.v1.DownlinkReports.$Properties {
        }

        /** Represents a DownlinkReports. */
        class DownlinkReports {

            /**
             * Constructs a new DownlinkReports.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.DownlinkReports.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DownlinkReports reports. */
            reports: twinfold.v1.DownlinkReport.$Properties[];

            /**
             * Creates a new DownlinkReports instance using the specified properties.
             * @param [properties] Properties to set
             * @returns DownlinkReports instance
             */
            static create(properties: twinfold.v1.DownlinkReports.$Shape): twinfold.v1.DownlinkReports & twinfold.v1.DownlinkReports.$Shape;
            static create(properties?: twinfold.v1.DownlinkReports.$Properties): twinfold.v1.DownlinkReports;

            /**
             * Encodes the specified DownlinkReports message. Does not implicitly {@link twinfold.v1.DownlinkReports.verify|verify} messages.
             * @param message DownlinkReports message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.DownlinkReports.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DownlinkReports message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.DownlinkReports & twinfold.v1.DownlinkReports.$Shape} DownlinkReports
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.DownlinkReports & twinfold.v1.DownlinkReports.$Shape;

            /**
             * Creates a DownlinkReports message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns DownlinkReports
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.DownlinkReports;

            /**
             * Creates a plain object from a DownlinkReports message. Also converts values to other types if specified.
             * @param message DownlinkReports
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.DownlinkReports, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this DownlinkReports to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace DownlinkReports {

            /** Properties of a DownlinkReports. */
            interface $Properties {

                /** DownlinkReports reports */
                reports?: (twinfold.v1.DownlinkReport.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DownlinkReports. */
            type $Shape = twinfold.v1.DownlinkReports.$Properties;
        }

        /**
         * Properties of a Downlink.
         * @deprecated Use twinfold.v1.Downlink.$Properties instead.
         */
        interface IDownlink extends twinfold.v1.Downlink.$Properties {
        }

        /** Represents a Downlink. */
        class Downlink {

            /**
             * Constructs a new Downlink.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.Downlink.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Downlink tenant. */
            tenant: string;

            /** Downlink session. */
            session: string;

            /** Downlink connection. */
            connection: (number|Long);

            /** Downlink partition. */
            partition: number;

            /** Downlink ownerEpoch. */
            ownerEpoch: (number|Long);

            /** Downlink deadlineMs. */
            deadlineMs: (number|Long);

            /** Downlink publish. */
            publish?: (twinfold.v1.DownlinkPublish.$Properties|null);

            /** Downlink takeOver. */
            takeOver?: (boolean|null);

            /** Downlink close. */
            close?: (number|null);

            /** Downlink reports. */
            reports?: (twinfold.v1.DownlinkReports.$Properties|null);

            /** Downlink what. */
            what?: ("publish"|"takeOver"|"close"|"reports");

            /**
             * Creates a new Downlink instance using the specified properties.
             * @param [properties] Properties to set
             * @returns Downlink instance
             */
            static create(properties: twinfold.v1.Downlink.$Shape): twinfold.v1.Downlink & twinfold.v1.Downlink.$Shape;
            static create(properties?: twinfold.v1.Downlink.$Properties): twinfold.v1.Downlink;

            /**
             * Encodes the specified Downlink message. Does not implicitly {@link twinfold.v1.Downlink.verify|verify} messages.
             * @param message Downlink message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.Downlink.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Downlink message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.Downlink & twinfold.v1.Downlink.$Shape} Downlink
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.Downlink & twinfold.v1.Downlink.$Shape;

            /**
             * Creates a Downlink message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns Downlink
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.Downlink;

            /**
             * Creates a plain object from a Downlink message. Also converts values to other types if specified.
             * @param message Downlink
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.Downlink, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this Downlink to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace Downlink {

            /** Properties of a Downlink. */
            interface $Properties {

                /** Downlink tenant */
                tenant?: (string|null);

                /** Downlink session */
                session?: (string|null);

                /** Downlink connection */
                connection?: (number|Long|null);

                /** Downlink partition */
                partition?: (number|null);

                /** Downlink ownerEpoch */
                ownerEpoch?: (number|Long|null);

                /** Downlink deadlineMs */
                deadlineMs?: (number|Long|null);

                /** Downlink publish */
                publish?: (twinfold.v1.DownlinkPublish.$Properties|null);

                /** Downlink takeOver */
                takeOver?: (boolean|null);

                /** Downlink close */
                close?: (number|null);

                /** Downlink reports */
                reports?: (twinfold.v1.DownlinkReports.$Properties|null);

                /** Downlink what */
                what?: ("publish"|"takeOver"|"close"|"reports");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of a Downlink. */
            type $Shape = {
              tenant?: string|null;
              session?: string|null;
              connection?: number|Long|null;
              partition?: number|null;
              ownerEpoch?: number|Long|null;
              deadlineMs?: number|Long|null;
              publish?: twinfold.v1.DownlinkPublish.$Shape|null;
              takeOver?: boolean|null;
              close?: number|null;
              reports?: twinfold.v1.DownlinkReports.$Shape|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ what?: undefined; publish?: null; takeOver?: null; close?: null; reports?: null }|{ what?: "publish"; publish: twinfold.v1.DownlinkPublish.$Shape; takeOver?: null; close?: null; reports?: null }|{ what?: "takeOver"; publish?: null; takeOver: boolean; close?: null; reports?: null }|{ what?: "close"; publish?: null; takeOver?: null; close: number; reports?: null }|{ what?: "reports"; publish?: null; takeOver?: null; close?: null; reports: twinfold.v1.DownlinkReports.$Shape })
            );
        }

        /** DownlinkCode enum. */
        enum DownlinkCode {

            /** DOWNLINK_CODE_OK value */
            DOWNLINK_CODE_OK = 0,

            /** DOWNLINK_CODE_OFFLINE value */
            DOWNLINK_CODE_OFFLINE = 1,

            /** DOWNLINK_CODE_STALE_OWNER value */
            DOWNLINK_CODE_STALE_OWNER = 2,

            /** DOWNLINK_CODE_TOO_LATE value */
            DOWNLINK_CODE_TOO_LATE = 3,

            /** DOWNLINK_CODE_NOT_SUBSCRIBED value */
            DOWNLINK_CODE_NOT_SUBSCRIBED = 4,

            /** DOWNLINK_CODE_FULL value */
            DOWNLINK_CODE_FULL = 5
        }

        /**
         * Properties of a DownlinkReply.
         * @deprecated Use twinfold.v1.DownlinkReply.$Properties instead.
         */
        interface IDownlinkReply extends twinfold.v1.DownlinkReply.$Properties {
        }

        /** Represents a DownlinkReply. */
        class DownlinkReply {

            /**
             * Constructs a new DownlinkReply.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.DownlinkReply.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DownlinkReply code. */
            code: twinfold.v1.DownlinkCode;

            /** DownlinkReply connection. */
            connection: (number|Long);

            /** DownlinkReply last. */
            last?: (twinfold.v1.SessionChange.$Properties|null);

            /**
             * Creates a new DownlinkReply instance using the specified properties.
             * @param [properties] Properties to set
             * @returns DownlinkReply instance
             */
            static create(properties: twinfold.v1.DownlinkReply.$Shape): twinfold.v1.DownlinkReply & twinfold.v1.DownlinkReply.$Shape;
            static create(properties?: twinfold.v1.DownlinkReply.$Properties): twinfold.v1.DownlinkReply;

            /**
             * Encodes the specified DownlinkReply message. Does not implicitly {@link twinfold.v1.DownlinkReply.verify|verify} messages.
             * @param message DownlinkReply message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.DownlinkReply.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DownlinkReply message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.DownlinkReply & twinfold.v1.DownlinkReply.$Shape} DownlinkReply
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.DownlinkReply & twinfold.v1.DownlinkReply.$Shape;

            /**
             * Creates a DownlinkReply message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns DownlinkReply
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.DownlinkReply;

            /**
             * Creates a plain object from a DownlinkReply message. Also converts values to other types if specified.
             * @param message DownlinkReply
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.DownlinkReply, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this DownlinkReply to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace DownlinkReply {

            /** Properties of a DownlinkReply. */
            interface $Properties {

                /** DownlinkReply code */
                code?: (twinfold.v1.DownlinkCode|null);

                /** DownlinkReply connection */
                connection?: (number|Long|null);

                /** DownlinkReply last */
                last?: (twinfold.v1.SessionChange.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DownlinkReply. */
            type $Shape = twinfold.v1.DownlinkReply.$Properties;
        }

        /**
         * Properties of a SharesHere.
         * @deprecated Use twinfold.v1.SharesHere.$Properties instead.
         */
        interface ISharesHere extends twinfold.v1.SharesHere.$Properties {
        }

        /** Represents a SharesHere. */
        class SharesHere {

            /**
             * Constructs a new SharesHere.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.SharesHere.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SharesHere edgeEpoch. */
            edgeEpoch: (number|Long);

            /** SharesHere groups. */
            groups: string[];

            /**
             * Creates a new SharesHere instance using the specified properties.
             * @param [properties] Properties to set
             * @returns SharesHere instance
             */
            static create(properties: twinfold.v1.SharesHere.$Shape): twinfold.v1.SharesHere & twinfold.v1.SharesHere.$Shape;
            static create(properties?: twinfold.v1.SharesHere.$Properties): twinfold.v1.SharesHere;

            /**
             * Encodes the specified SharesHere message. Does not implicitly {@link twinfold.v1.SharesHere.verify|verify} messages.
             * @param message SharesHere message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.SharesHere.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SharesHere message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.SharesHere & twinfold.v1.SharesHere.$Shape} SharesHere
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.SharesHere & twinfold.v1.SharesHere.$Shape;

            /**
             * Creates a SharesHere message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns SharesHere
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.SharesHere;

            /**
             * Creates a plain object from a SharesHere message. Also converts values to other types if specified.
             * @param message SharesHere
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.SharesHere, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this SharesHere to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace SharesHere {

            /** Properties of a SharesHere. */
            interface $Properties {

                /** SharesHere edgeEpoch */
                edgeEpoch?: (number|Long|null);

                /** SharesHere groups */
                groups?: (string[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SharesHere. */
            type $Shape = twinfold.v1.SharesHere.$Properties;
        }

        /**
         * Properties of a SessionsHere.
         * @deprecated Use twinfold.v1.SessionsHere.$Properties instead.
         */
        interface ISessionsHere extends twinfold.v1.SessionsHere.$Properties {
        }

        /** Represents a SessionsHere. */
        class SessionsHere {

            /**
             * Constructs a new SessionsHere.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.SessionsHere.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SessionsHere edgeEpoch. */
            edgeEpoch: (number|Long);

            /** SessionsHere sessions. */
            sessions: twinfold.v1.SessionHere.$Properties[];

            /**
             * Creates a new SessionsHere instance using the specified properties.
             * @param [properties] Properties to set
             * @returns SessionsHere instance
             */
            static create(properties: twinfold.v1.SessionsHere.$Shape): twinfold.v1.SessionsHere & twinfold.v1.SessionsHere.$Shape;
            static create(properties?: twinfold.v1.SessionsHere.$Properties): twinfold.v1.SessionsHere;

            /**
             * Encodes the specified SessionsHere message. Does not implicitly {@link twinfold.v1.SessionsHere.verify|verify} messages.
             * @param message SessionsHere message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.SessionsHere.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SessionsHere message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.SessionsHere & twinfold.v1.SessionsHere.$Shape} SessionsHere
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.SessionsHere & twinfold.v1.SessionsHere.$Shape;

            /**
             * Creates a SessionsHere message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns SessionsHere
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.SessionsHere;

            /**
             * Creates a plain object from a SessionsHere message. Also converts values to other types if specified.
             * @param message SessionsHere
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.SessionsHere, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this SessionsHere to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace SessionsHere {

            /** Properties of a SessionsHere. */
            interface $Properties {

                /** SessionsHere edgeEpoch */
                edgeEpoch?: (number|Long|null);

                /** SessionsHere sessions */
                sessions?: (twinfold.v1.SessionHere.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SessionsHere. */
            type $Shape = twinfold.v1.SessionsHere.$Properties;
        }

        /**
         * Properties of a SessionHere.
         * @deprecated Use twinfold.v1.SessionHere.$Properties instead.
         */
        interface ISessionHere extends twinfold.v1.SessionHere.$Properties {
        }

        /** Represents a SessionHere. */
        class SessionHere {

            /**
             * Constructs a new SessionHere.
             * @param [properties] Properties to set
             */
            constructor(properties?: twinfold.v1.SessionHere.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SessionHere tenant. */
            tenant: string;

            /** SessionHere session. */
            session: string;

            /** SessionHere connection. */
            connection: (number|Long);

            /**
             * Creates a new SessionHere instance using the specified properties.
             * @param [properties] Properties to set
             * @returns SessionHere instance
             */
            static create(properties: twinfold.v1.SessionHere.$Shape): twinfold.v1.SessionHere & twinfold.v1.SessionHere.$Shape;
            static create(properties?: twinfold.v1.SessionHere.$Properties): twinfold.v1.SessionHere;

            /**
             * Encodes the specified SessionHere message. Does not implicitly {@link twinfold.v1.SessionHere.verify|verify} messages.
             * @param message SessionHere message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: twinfold.v1.SessionHere.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SessionHere message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {twinfold.v1.SessionHere & twinfold.v1.SessionHere.$Shape} SessionHere
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): twinfold.v1.SessionHere & twinfold.v1.SessionHere.$Shape;

            /**
             * Creates a SessionHere message from a plain object. Also converts values to their respective internal types.
             * @param object Plain object
             * @returns SessionHere
             */
            static fromObject(object: { [k: string]: any }): twinfold.v1.SessionHere;

            /**
             * Creates a plain object from a SessionHere message. Also converts values to other types if specified.
             * @param message SessionHere
             * @param [options] Conversion options
             * @returns Plain object
             */
            static toObject(message: twinfold.v1.SessionHere, options?: $protobuf.IConversionOptions): { [k: string]: any };

            /**
             * Converts this SessionHere to JSON.
             * @returns JSON object
             */
            toJSON(): { [k: string]: any };
        }

        namespace SessionHere {

            /** Properties of a SessionHere. */
            interface $Properties {

                /** SessionHere tenant */
                tenant?: (string|null);

                /** SessionHere session */
                session?: (string|null);

                /** SessionHere connection */
                connection?: (number|Long|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SessionHere. */
            type $Shape = twinfold.v1.SessionHere.$Properties;
        }
    }
}

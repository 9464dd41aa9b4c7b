/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError, $TypeError = $util.global.TypeError, $String = $util.global.String, $Number = $util.global.Number, $parseInt = $util.global.parseInt, $Boolean = $util.global.Boolean, $Array = $util.global.Array, $BigInt = $util.global.BigInt, $isFinite = $util.global.isFinite;

const $root = $protobuf.roots["default"] || ($protobuf.roots["default"] = {});

export const twinfold = $root.twinfold = (() => {

    const twinfold = {};

    twinfold.v1 = (function() {

        const v1 = {};

        v1.Kind = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "KIND_UNSPECIFIED"] = 0;
            values[valuesById[1] = "KIND_TELEMETRY"] = 1;
            values[valuesById[2] = "KIND_TICK"] = 2;
            values[valuesById[3] = "KIND_EDGE_GONE"] = 3;
            values[valuesById[4] = "KIND_CONNECTED"] = 4;
            values[valuesById[5] = "KIND_DISCONNECTED"] = 5;
            values[valuesById[6] = "KIND_SESSION"] = 6;
            values[valuesById[7] = "KIND_REPORTED"] = 7;
            values[valuesById[8] = "KIND_DESIRED"] = 8;
            values[valuesById[9] = "KIND_TAGS"] = 9;
            values[valuesById[10] = "KIND_COMMAND_REQUESTED"] = 10;
            values[valuesById[11] = "KIND_COMMAND_RESPONSE"] = 11;
            values[valuesById[12] = "KIND_COMMAND_CANCELED"] = 12;
            values[valuesById[13] = "KIND_EFFECT_RESULT"] = 13;
            values[valuesById[14] = "KIND_FIRMWARE_STATUS"] = 14;
            values[valuesById[15] = "KIND_FIRMWARE_PROCEED"] = 15;
            values[valuesById[16] = "KIND_CAMPAIGN"] = 16;
            values[valuesById[17] = "KIND_SAGA_INPUT"] = 17;
            values[valuesById[18] = "KIND_REGISTRY_FACT"] = 18;
            values[valuesById[19] = "KIND_QUOTA_LEASE"] = 19;
            values[valuesById[20] = "KIND_ACTIVATION"] = 20;
            values[valuesById[21] = "KIND_ERASED"] = 21;
            values[valuesById[22] = "KIND_PUBLISHED"] = 22;
            return values;
        })();

        v1.ContentType = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "CONTENT_TYPE_UNSPECIFIED"] = 0;
            values[valuesById[1] = "CONTENT_TYPE_JSON"] = 1;
            values[valuesById[2] = "CONTENT_TYPE_PROTOBUF"] = 2;
            values[valuesById[3] = "CONTENT_TYPE_CBOR"] = 3;
            values[valuesById[4] = "CONTENT_TYPE_MSGPACK"] = 4;
            values[valuesById[5] = "CONTENT_TYPE_SENML_JSON"] = 5;
            values[valuesById[6] = "CONTENT_TYPE_SENML_CBOR"] = 6;
            values[valuesById[7] = "CONTENT_TYPE_OCTETS"] = 7;
            return values;
        })();

        v1.Via = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "VIA_UNSPECIFIED"] = 0;
            values[valuesById[1] = "VIA_MQTT"] = 1;
            values[valuesById[2] = "VIA_HTTP"] = 2;
            values[valuesById[3] = "VIA_COAP"] = 3;
            values[valuesById[4] = "VIA_WEBSOCKET"] = 4;
            values[valuesById[5] = "VIA_INTERNAL"] = 5;
            return values;
        })();

        v1.Event = (function() {

            const Event = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Event.prototype.tenant = "";
            Event.prototype.device = "";
            Event.prototype.kind = 0;
            Event.prototype.payload = $util.newBuffer([]);
            Event.prototype.contentType = 0;
            Event.prototype.via = 0;
            Event.prototype.receivedMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Event.prototype.bootId = null;
            Event.prototype.deviceSeq = null;
            Event.prototype.clientEventId = "";
            Event.prototype.eventMs = null;
            Event.prototype.connection = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Event.prototype.lease = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Event.prototype.schema = "";
            Event.prototype.model = "";
            Event.prototype.correlation = $util.newBuffer([]);
            Event.prototype.cause = "";
            Event.prototype.traceparent = "";
            Event.prototype.gateway = "";
            Event.prototype.document = "";
            Event.prototype.actor = "";
            Event.prototype.topic = "";
            Event.prototype.backfill = false;
            Event.prototype.effectSource = "";
            Event.prototype.effectVersion = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Event.prototype.effectIndex = 0;
            Event.prototype.expectedVersion = null;
            Event.prototype.publishFlags = 0;
            Event.prototype.publishProperties = $util.newBuffer([]);
            Event.prototype.expiresMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Event.prototype.session = "";
            Event.prototype.packetId = 0;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Event.prototype, "_bootId", {
                get: $util.oneOfGetter($oneOfFields = ["bootId"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Event.prototype, "_deviceSeq", {
                get: $util.oneOfGetter($oneOfFields = ["deviceSeq"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Event.prototype, "_eventMs", {
                get: $util.oneOfGetter($oneOfFields = ["eventMs"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Event.prototype, "_expectedVersion", {
                get: $util.oneOfGetter($oneOfFields = ["expectedVersion"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Event.create = function(properties) {
                return new Event(properties);
            };

            Event.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.tenant != null && $Object.hasOwnProperty.call(message, "tenant") && message.tenant !== "")
                    writer.uint32(10).string(message.tenant);
                if (message.device != null && $Object.hasOwnProperty.call(message, "device") && message.device !== "")
                    writer.uint32(18).string(message.device);
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== 0)
                    writer.uint32(24).int32(message.kind);
                if (message.payload != null && $Object.hasOwnProperty.call(message, "payload") && message.payload.length)
                    writer.uint32(34).bytes(message.payload);
                if (message.contentType != null && $Object.hasOwnProperty.call(message, "contentType") && message.contentType !== 0)
                    writer.uint32(40).int32(message.contentType);
                if (message.via != null && $Object.hasOwnProperty.call(message, "via") && message.via !== 0)
                    writer.uint32(48).int32(message.via);
                if (message.receivedMs != null && $Object.hasOwnProperty.call(message, "receivedMs") && (typeof message.receivedMs === "object" ? message.receivedMs.low || message.receivedMs.high : message.receivedMs !== 0))
                    writer.uint32(56).uint64(message.receivedMs);
                if (message.bootId != null && $Object.hasOwnProperty.call(message, "bootId"))
                    writer.uint32(64).uint64(message.bootId);
                if (message.deviceSeq != null && $Object.hasOwnProperty.call(message, "deviceSeq"))
                    writer.uint32(72).uint64(message.deviceSeq);
                if (message.clientEventId != null && $Object.hasOwnProperty.call(message, "clientEventId") && message.clientEventId !== "")
                    writer.uint32(82).string(message.clientEventId);
                if (message.eventMs != null && $Object.hasOwnProperty.call(message, "eventMs"))
                    writer.uint32(88).uint64(message.eventMs);
                if (message.connection != null && $Object.hasOwnProperty.call(message, "connection") && (typeof message.connection === "object" ? message.connection.low || message.connection.high : message.connection !== 0))
                    writer.uint32(96).uint64(message.connection);
                if (message.lease != null && $Object.hasOwnProperty.call(message, "lease") && (typeof message.lease === "object" ? message.lease.low || message.lease.high : message.lease !== 0))
                    writer.uint32(104).uint64(message.lease);
                if (message.schema != null && $Object.hasOwnProperty.call(message, "schema") && message.schema !== "")
                    writer.uint32(114).string(message.schema);
                if (message.model != null && $Object.hasOwnProperty.call(message, "model") && message.model !== "")
                    writer.uint32(122).string(message.model);
                if (message.correlation != null && $Object.hasOwnProperty.call(message, "correlation") && message.correlation.length)
                    writer.uint32(130).bytes(message.correlation);
                if (message.cause != null && $Object.hasOwnProperty.call(message, "cause") && message.cause !== "")
                    writer.uint32(138).string(message.cause);
                if (message.traceparent != null && $Object.hasOwnProperty.call(message, "traceparent") && message.traceparent !== "")
                    writer.uint32(146).string(message.traceparent);
                if (message.gateway != null && $Object.hasOwnProperty.call(message, "gateway") && message.gateway !== "")
                    writer.uint32(154).string(message.gateway);
                if (message.document != null && $Object.hasOwnProperty.call(message, "document") && message.document !== "")
                    writer.uint32(162).string(message.document);
                if (message.actor != null && $Object.hasOwnProperty.call(message, "actor") && message.actor !== "")
                    writer.uint32(170).string(message.actor);
                if (message.topic != null && $Object.hasOwnProperty.call(message, "topic") && message.topic !== "")
                    writer.uint32(178).string(message.topic);
                if (message.backfill != null && $Object.hasOwnProperty.call(message, "backfill") && message.backfill !== false)
                    writer.uint32(184).bool(message.backfill);
                if (message.effectSource != null && $Object.hasOwnProperty.call(message, "effectSource") && message.effectSource !== "")
                    writer.uint32(194).string(message.effectSource);
                if (message.effectVersion != null && $Object.hasOwnProperty.call(message, "effectVersion") && (typeof message.effectVersion === "object" ? message.effectVersion.low || message.effectVersion.high : message.effectVersion !== 0))
                    writer.uint32(200).uint64(message.effectVersion);
                if (message.effectIndex != null && $Object.hasOwnProperty.call(message, "effectIndex") && message.effectIndex !== 0)
                    writer.uint32(208).uint32(message.effectIndex);
                if (message.expectedVersion != null && $Object.hasOwnProperty.call(message, "expectedVersion"))
                    writer.uint32(216).uint64(message.expectedVersion);
                if (message.publishFlags != null && $Object.hasOwnProperty.call(message, "publishFlags") && message.publishFlags !== 0)
                    writer.uint32(224).uint32(message.publishFlags);
                if (message.publishProperties != null && $Object.hasOwnProperty.call(message, "publishProperties") && message.publishProperties.length)
                    writer.uint32(234).bytes(message.publishProperties);
                if (message.expiresMs != null && $Object.hasOwnProperty.call(message, "expiresMs") && (typeof message.expiresMs === "object" ? message.expiresMs.low || message.expiresMs.high : message.expiresMs !== 0))
                    writer.uint32(240).uint64(message.expiresMs);
                if (message.session != null && $Object.hasOwnProperty.call(message, "session") && message.session !== "")
                    writer.uint32(250).string(message.session);
                if (message.packetId != null && $Object.hasOwnProperty.call(message, "packetId") && message.packetId !== 0)
                    writer.uint32(256).uint32(message.packetId);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Event.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.Event();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.tenant = value;
                            else
                                delete message.tenant;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.device = value;
                            else
                                delete message.device;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.kind = value;
                            else
                                delete message.kind;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.payload = value;
                            else
                                delete message.payload;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.contentType = value;
                            else
                                delete message.contentType;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.via = value;
                            else
                                delete message.via;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.receivedMs = value;
                            else
                                delete message.receivedMs;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 0)
                                break;
                            message.bootId = reader.uint64();
                            message._bootId = "bootId";
                            continue;
                        }
                    case 9: {
                            if (wireType !== 0)
                                break;
                            message.deviceSeq = reader.uint64();
                            message._deviceSeq = "deviceSeq";
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.clientEventId = value;
                            else
                                delete message.clientEventId;
                            continue;
                        }
                    case 11: {
                            if (wireType !== 0)
                                break;
                            message.eventMs = reader.uint64();
                            message._eventMs = "eventMs";
                            continue;
                        }
                    case 12: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.connection = value;
                            else
                                delete message.connection;
                            continue;
                        }
                    case 13: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.lease = value;
                            else
                                delete message.lease;
                            continue;
                        }
                    case 14: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.schema = value;
                            else
                                delete message.schema;
                            continue;
                        }
                    case 15: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.model = value;
                            else
                                delete message.model;
                            continue;
                        }
                    case 16: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.correlation = value;
                            else
                                delete message.correlation;
                            continue;
                        }
                    case 17: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.cause = value;
                            else
                                delete message.cause;
                            continue;
                        }
                    case 18: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.traceparent = value;
                            else
                                delete message.traceparent;
                            continue;
                        }
                    case 19: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.gateway = value;
                            else
                                delete message.gateway;
                            continue;
                        }
                    case 20: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.document = value;
                            else
                                delete message.document;
                            continue;
                        }
                    case 21: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.actor = value;
                            else
                                delete message.actor;
                            continue;
                        }
                    case 22: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.topic = value;
                            else
                                delete message.topic;
                            continue;
                        }
                    case 23: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.backfill = value;
                            else
                                delete message.backfill;
                            continue;
                        }
                    case 24: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.effectSource = value;
                            else
                                delete message.effectSource;
                            continue;
                        }
                    case 25: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.effectVersion = value;
                            else
                                delete message.effectVersion;
                            continue;
                        }
                    case 26: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.effectIndex = value;
                            else
                                delete message.effectIndex;
                            continue;
                        }
                    case 27: {
                            if (wireType !== 0)
                                break;
                            message.expectedVersion = reader.uint64();
                            message._expectedVersion = "expectedVersion";
                            continue;
                        }
                    case 28: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.publishFlags = value;
                            else
                                delete message.publishFlags;
                            continue;
                        }
                    case 29: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.publishProperties = value;
                            else
                                delete message.publishProperties;
                            continue;
                        }
                    case 30: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.expiresMs = value;
                            else
                                delete message.expiresMs;
                            continue;
                        }
                    case 31: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.session = value;
                            else
                                delete message.session;
                            continue;
                        }
                    case 32: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.packetId = value;
                            else
                                delete message.packetId;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            Event.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.Event)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.Event: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.Event();
                if (object.tenant != null)
                    if (typeof object.tenant !== "string" || object.tenant.length)
                        message.tenant = $String(object.tenant);
                if (object.device != null)
                    if (typeof object.device !== "string" || object.device.length)
                        message.device = $String(object.device);
                if (object.kind !== 0 && (typeof object.kind !== "string" || $root.twinfold.v1.Kind[object.kind] !== 0))
                    switch (object.kind) {
                    case "KIND_UNSPECIFIED":
                    case 0:
                        message.kind = 0;
                        break;
                    case "KIND_TELEMETRY":
                    case 1:
                        message.kind = 1;
                        break;
                    case "KIND_TICK":
                    case 2:
                        message.kind = 2;
                        break;
                    case "KIND_EDGE_GONE":
                    case 3:
                        message.kind = 3;
                        break;
                    case "KIND_CONNECTED":
                    case 4:
                        message.kind = 4;
                        break;
                    case "KIND_DISCONNECTED":
                    case 5:
                        message.kind = 5;
                        break;
                    case "KIND_SESSION":
                    case 6:
                        message.kind = 6;
                        break;
                    case "KIND_REPORTED":
                    case 7:
                        message.kind = 7;
                        break;
                    case "KIND_DESIRED":
                    case 8:
                        message.kind = 8;
                        break;
                    case "KIND_TAGS":
                    case 9:
                        message.kind = 9;
                        break;
                    case "KIND_COMMAND_REQUESTED":
                    case 10:
                        message.kind = 10;
                        break;
                    case "KIND_COMMAND_RESPONSE":
                    case 11:
                        message.kind = 11;
                        break;
                    case "KIND_COMMAND_CANCELED":
                    case 12:
                        message.kind = 12;
                        break;
                    case "KIND_EFFECT_RESULT":
                    case 13:
                        message.kind = 13;
                        break;
                    case "KIND_FIRMWARE_STATUS":
                    case 14:
                        message.kind = 14;
                        break;
                    case "KIND_FIRMWARE_PROCEED":
                    case 15:
                        message.kind = 15;
                        break;
                    case "KIND_CAMPAIGN":
                    case 16:
                        message.kind = 16;
                        break;
                    case "KIND_SAGA_INPUT":
                    case 17:
                        message.kind = 17;
                        break;
                    case "KIND_REGISTRY_FACT":
                    case 18:
                        message.kind = 18;
                        break;
                    case "KIND_QUOTA_LEASE":
                    case 19:
                        message.kind = 19;
                        break;
                    case "KIND_ACTIVATION":
                    case 20:
                        message.kind = 20;
                        break;
                    case "KIND_ERASED":
                    case 21:
                        message.kind = 21;
                        break;
                    case "KIND_PUBLISHED":
                    case 22:
                        message.kind = 22;
                        break;
                    default:
                        if (typeof object.kind === "number" && (object.kind | 0) === object.kind)
                            message.kind = object.kind;
                    }
                if (object.payload != null)
                    if (object.payload.length)
                        if (typeof object.payload === "string")
                            $util.base64.decode(object.payload, message.payload = $util.newBuffer($util.base64.length(object.payload)), 0);
                        else if (object.payload.length >= 0)
                            message.payload = object.payload;
                if (object.contentType !== 0 && (typeof object.contentType !== "string" || $root.twinfold.v1.ContentType[object.contentType] !== 0))
                    switch (object.contentType) {
                    case "CONTENT_TYPE_UNSPECIFIED":
                    case 0:
                        message.contentType = 0;
                        break;
                    case "CONTENT_TYPE_JSON":
                    case 1:
                        message.contentType = 1;
                        break;
                    case "CONTENT_TYPE_PROTOBUF":
                    case 2:
                        message.contentType = 2;
                        break;
                    case "CONTENT_TYPE_CBOR":
                    case 3:
                        message.contentType = 3;
                        break;
                    case "CONTENT_TYPE_MSGPACK":
                    case 4:
                        message.contentType = 4;
                        break;
                    case "CONTENT_TYPE_SENML_JSON":
                    case 5:
                        message.contentType = 5;
                        break;
                    case "CONTENT_TYPE_SENML_CBOR":
                    case 6:
                        message.contentType = 6;
                        break;
                    case "CONTENT_TYPE_OCTETS":
                    case 7:
                        message.contentType = 7;
                        break;
                    default:
                        if (typeof object.contentType === "number" && (object.contentType | 0) === object.contentType)
                            message.contentType = object.contentType;
                    }
                if (object.via !== 0 && (typeof object.via !== "string" || $root.twinfold.v1.Via[object.via] !== 0))
                    switch (object.via) {
                    case "VIA_UNSPECIFIED":
                    case 0:
                        message.via = 0;
                        break;
                    case "VIA_MQTT":
                    case 1:
                        message.via = 1;
                        break;
                    case "VIA_HTTP":
                    case 2:
                        message.via = 2;
                        break;
                    case "VIA_COAP":
                    case 3:
                        message.via = 3;
                        break;
                    case "VIA_WEBSOCKET":
                    case 4:
                        message.via = 4;
                        break;
                    case "VIA_INTERNAL":
                    case 5:
                        message.via = 5;
                        break;
                    default:
                        if (typeof object.via === "number" && (object.via | 0) === object.via)
                            message.via = object.via;
                    }
                if (object.receivedMs != null)
                    if (typeof object.receivedMs === "object" ? object.receivedMs.low || object.receivedMs.high : $Number(object.receivedMs) !== 0)
                        if ($util.Long)
                            message.receivedMs = $util.Long.fromValue(object.receivedMs, true);
                        else if (typeof object.receivedMs === "string")
                            message.receivedMs = $parseInt(object.receivedMs, 10);
                        else if (typeof object.receivedMs === "number")
                            message.receivedMs = object.receivedMs;
                        else if (typeof object.receivedMs === "object")
                            message.receivedMs = new $util.LongBits(object.receivedMs.low >>> 0, object.receivedMs.high >>> 0).toNumber(true);
                if (object.bootId != null)
                    if ($util.Long)
                        message.bootId = $util.Long.fromValue(object.bootId, true);
                    else if (typeof object.bootId === "string")
                        message.bootId = $parseInt(object.bootId, 10);
                    else if (typeof object.bootId === "number")
                        message.bootId = object.bootId;
                    else if (typeof object.bootId === "object")
                        message.bootId = new $util.LongBits(object.bootId.low >>> 0, object.bootId.high >>> 0).toNumber(true);
                if (object.deviceSeq != null)
                    if ($util.Long)
                        message.deviceSeq = $util.Long.fromValue(object.deviceSeq, true);
                    else if (typeof object.deviceSeq === "string")
                        message.deviceSeq = $parseInt(object.deviceSeq, 10);
                    else if (typeof object.deviceSeq === "number")
                        message.deviceSeq = object.deviceSeq;
                    else if (typeof object.deviceSeq === "object")
                        message.deviceSeq = new $util.LongBits(object.deviceSeq.low >>> 0, object.deviceSeq.high >>> 0).toNumber(true);
                if (object.clientEventId != null)
                    if (typeof object.clientEventId !== "string" || object.clientEventId.length)
                        message.clientEventId = $String(object.clientEventId);
                if (object.eventMs != null)
                    if ($util.Long)
                        message.eventMs = $util.Long.fromValue(object.eventMs, true);
                    else if (typeof object.eventMs === "string")
                        message.eventMs = $parseInt(object.eventMs, 10);
                    else if (typeof object.eventMs === "number")
                        message.eventMs = object.eventMs;
                    else if (typeof object.eventMs === "object")
                        message.eventMs = new $util.LongBits(object.eventMs.low >>> 0, object.eventMs.high >>> 0).toNumber(true);
                if (object.connection != null)
                    if (typeof object.connection === "object" ? object.connection.low || object.connection.high : $Number(object.connection) !== 0)
                        if ($util.Long)
                            message.connection = $util.Long.fromValue(object.connection, true);
                        else if (typeof object.connection === "string")
                            message.connection = $parseInt(object.connection, 10);
                        else if (typeof object.connection === "number")
                            message.connection = object.connection;
                        else if (typeof object.connection === "object")
                            message.connection = new $util.LongBits(object.connection.low >>> 0, object.connection.high >>> 0).toNumber(true);
                if (object.lease != null)
                    if (typeof object.lease === "object" ? object.lease.low || object.lease.high : $Number(object.lease) !== 0)
                        if ($util.Long)
                            message.lease = $util.Long.fromValue(object.lease, true);
                        else if (typeof object.lease === "string")
                            message.lease = $parseInt(object.lease, 10);
                        else if (typeof object.lease === "number")
                            message.lease = object.lease;
                        else if (typeof object.lease === "object")
                            message.lease = new $util.LongBits(object.lease.low >>> 0, object.lease.high >>> 0).toNumber(true);
                if (object.schema != null)
                    if (typeof object.schema !== "string" || object.schema.length)
                        message.schema = $String(object.schema);
                if (object.model != null)
                    if (typeof object.model !== "string" || object.model.length)
                        message.model = $String(object.model);
                if (object.correlation != null)
                    if (object.correlation.length)
                        if (typeof object.correlation === "string")
                            $util.base64.decode(object.correlation, message.correlation = $util.newBuffer($util.base64.length(object.correlation)), 0);
                        else if (object.correlation.length >= 0)
                            message.correlation = object.correlation;
                if (object.cause != null)
                    if (typeof object.cause !== "string" || object.cause.length)
                        message.cause = $String(object.cause);
                if (object.traceparent != null)
                    if (typeof object.traceparent !== "string" || object.traceparent.length)
                        message.traceparent = $String(object.traceparent);
                if (object.gateway != null)
                    if (typeof object.gateway !== "string" || object.gateway.length)
                        message.gateway = $String(object.gateway);
                if (object.document != null)
                    if (typeof object.document !== "string" || object.document.length)
                        message.document = $String(object.document);
                if (object.actor != null)
                    if (typeof object.actor !== "string" || object.actor.length)
                        message.actor = $String(object.actor);
                if (object.topic != null)
                    if (typeof object.topic !== "string" || object.topic.length)
                        message.topic = $String(object.topic);
                if (object.backfill != null)
                    if (object.backfill)
                        message.backfill = $Boolean(object.backfill);
                if (object.effectSource != null)
                    if (typeof object.effectSource !== "string" || object.effectSource.length)
                        message.effectSource = $String(object.effectSource);
                if (object.effectVersion != null)
                    if (typeof object.effectVersion === "object" ? object.effectVersion.low || object.effectVersion.high : $Number(object.effectVersion) !== 0)
                        if ($util.Long)
                            message.effectVersion = $util.Long.fromValue(object.effectVersion, true);
                        else if (typeof object.effectVersion === "string")
                            message.effectVersion = $parseInt(object.effectVersion, 10);
                        else if (typeof object.effectVersion === "number")
                            message.effectVersion = object.effectVersion;
                        else if (typeof object.effectVersion === "object")
                            message.effectVersion = new $util.LongBits(object.effectVersion.low >>> 0, object.effectVersion.high >>> 0).toNumber(true);
                if (object.effectIndex != null)
                    if ($Number(object.effectIndex) !== 0)
                        message.effectIndex = object.effectIndex >>> 0;
                if (object.expectedVersion != null)
                    if ($util.Long)
                        message.expectedVersion = $util.Long.fromValue(object.expectedVersion, true);
                    else if (typeof object.expectedVersion === "string")
                        message.expectedVersion = $parseInt(object.expectedVersion, 10);
                    else if (typeof object.expectedVersion === "number")
                        message.expectedVersion = object.expectedVersion;
                    else if (typeof object.expectedVersion === "object")
                        message.expectedVersion = new $util.LongBits(object.expectedVersion.low >>> 0, object.expectedVersion.high >>> 0).toNumber(true);
                if (object.publishFlags != null)
                    if ($Number(object.publishFlags) !== 0)
                        message.publishFlags = object.publishFlags >>> 0;
                if (object.publishProperties != null)
                    if (object.publishProperties.length)
                        if (typeof object.publishProperties === "string")
                            $util.base64.decode(object.publishProperties, message.publishProperties = $util.newBuffer($util.base64.length(object.publishProperties)), 0);
                        else if (object.publishProperties.length >= 0)
                            message.publishProperties = object.publishProperties;
                if (object.expiresMs != null)
                    if (typeof object.expiresMs === "object" ? object.expiresMs.low || object.expiresMs.high : $Number(object.expiresMs) !== 0)
                        if ($util.Long)
                            message.expiresMs = $util.Long.fromValue(object.expiresMs, true);
                        else if (typeof object.expiresMs === "string")
                            message.expiresMs = $parseInt(object.expiresMs, 10);
                        else if (typeof object.expiresMs === "number")
                            message.expiresMs = object.expiresMs;
                        else if (typeof object.expiresMs === "object")
                            message.expiresMs = new $util.LongBits(object.expiresMs.low >>> 0, object.expiresMs.high >>> 0).toNumber(true);
                if (object.session != null)
                    if (typeof object.session !== "string" || object.session.length)
                        message.session = $String(object.session);
                if (object.packetId != null)
                    if ($Number(object.packetId) !== 0)
                        message.packetId = object.packetId >>> 0;
                return message;
            };

            Event.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    object.tenant = "";
                    object.device = "";
                    object.kind = options.enums === $String ? "KIND_UNSPECIFIED" : 0;
                    if (options.bytes === $String)
                        object.payload = "";
                    else {
                        object.payload = [];
                        if (options.bytes !== $Array)
                            object.payload = $util.newBuffer(object.payload);
                    }
                    object.contentType = options.enums === $String ? "CONTENT_TYPE_UNSPECIFIED" : 0;
                    object.via = options.enums === $String ? "VIA_UNSPECIFIED" : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.receivedMs = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.receivedMs = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.clientEventId = "";
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.connection = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.connection = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.lease = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.lease = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.schema = "";
                    object.model = "";
                    if (options.bytes === $String)
                        object.correlation = "";
                    else {
                        object.correlation = [];
                        if (options.bytes !== $Array)
                            object.correlation = $util.newBuffer(object.correlation);
                    }
                    object.cause = "";
                    object.traceparent = "";
                    object.gateway = "";
                    object.document = "";
                    object.actor = "";
                    object.topic = "";
                    object.backfill = false;
                    object.effectSource = "";
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.effectVersion = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.effectVersion = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.effectIndex = 0;
                    object.publishFlags = 0;
                    if (options.bytes === $String)
                        object.publishProperties = "";
                    else {
                        object.publishProperties = [];
                        if (options.bytes !== $Array)
                            object.publishProperties = $util.newBuffer(object.publishProperties);
                    }
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.expiresMs = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.expiresMs = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.session = "";
                    object.packetId = 0;
                }
                if (message.tenant != null && $Object.hasOwnProperty.call(message, "tenant"))
                    object.tenant = message.tenant;
                if (message.device != null && $Object.hasOwnProperty.call(message, "device"))
                    object.device = message.device;
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind"))
                    object.kind = options.enums === $String ? $root.twinfold.v1.Kind[message.kind] === $undefined ? message.kind : $root.twinfold.v1.Kind[message.kind] : message.kind;
                if (message.payload != null && $Object.hasOwnProperty.call(message, "payload"))
                    object.payload = options.bytes === $String ? $util.base64.encode(message.payload, 0, message.payload.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.payload) : message.payload;
                if (message.contentType != null && $Object.hasOwnProperty.call(message, "contentType"))
                    object.contentType = options.enums === $String ? $root.twinfold.v1.ContentType[message.contentType] === $undefined ? message.contentType : $root.twinfold.v1.ContentType[message.contentType] : message.contentType;
                if (message.via != null && $Object.hasOwnProperty.call(message, "via"))
                    object.via = options.enums === $String ? $root.twinfold.v1.Via[message.via] === $undefined ? message.via : $root.twinfold.v1.Via[message.via] : message.via;
                if (message.receivedMs != null && $Object.hasOwnProperty.call(message, "receivedMs"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.receivedMs = typeof message.receivedMs === "number" ? $BigInt(message.receivedMs) : $util.Long.fromBits(message.receivedMs.low >>> 0, message.receivedMs.high >>> 0, true).toBigInt();
                    else if (typeof message.receivedMs === "number")
                        object.receivedMs = options.longs === $String ? $String(message.receivedMs) : message.receivedMs;
                    else
                        object.receivedMs = options.longs === $String ? $util.Long.prototype.toString.call(message.receivedMs) : options.longs === $Number ? new $util.LongBits(message.receivedMs.low >>> 0, message.receivedMs.high >>> 0).toNumber(true) : message.receivedMs;
                if (message.bootId != null && $Object.hasOwnProperty.call(message, "bootId"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.bootId = typeof message.bootId === "number" ? $BigInt(message.bootId) : $util.Long.fromBits(message.bootId.low >>> 0, message.bootId.high >>> 0, true).toBigInt();
                    else if (typeof message.bootId === "number")
                        object.bootId = options.longs === $String ? $String(message.bootId) : message.bootId;
                    else
                        object.bootId = options.longs === $String ? $util.Long.prototype.toString.call(message.bootId) : options.longs === $Number ? new $util.LongBits(message.bootId.low >>> 0, message.bootId.high >>> 0).toNumber(true) : message.bootId;
                if (message.deviceSeq != null && $Object.hasOwnProperty.call(message, "deviceSeq"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.deviceSeq = typeof message.deviceSeq === "number" ? $BigInt(message.deviceSeq) : $util.Long.fromBits(message.deviceSeq.low >>> 0, message.deviceSeq.high >>> 0, true).toBigInt();
                    else if (typeof message.deviceSeq === "number")
                        object.deviceSeq = options.longs === $String ? $String(message.deviceSeq) : message.deviceSeq;
                    else
                        object.deviceSeq = options.longs === $String ? $util.Long.prototype.toString.call(message.deviceSeq) : options.longs === $Number ? new $util.LongBits(message.deviceSeq.low >>> 0, message.deviceSeq.high >>> 0).toNumber(true) : message.deviceSeq;
                if (message.clientEventId != null && $Object.hasOwnProperty.call(message, "clientEventId"))
                    object.clientEventId = message.clientEventId;
                if (message.eventMs != null && $Object.hasOwnProperty.call(message, "eventMs"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.eventMs = typeof message.eventMs === "number" ? $BigInt(message.eventMs) : $util.Long.fromBits(message.eventMs.low >>> 0, message.eventMs.high >>> 0, true).toBigInt();
                    else if (typeof message.eventMs === "number")
                        object.eventMs = options.longs === $String ? $String(message.eventMs) : message.eventMs;
                    else
                        object.eventMs = options.longs === $String ? $util.Long.prototype.toString.call(message.eventMs) : options.longs === $Number ? new $util.LongBits(message.eventMs.low >>> 0, message.eventMs.high >>> 0).toNumber(true) : message.eventMs;
                if (message.connection != null && $Object.hasOwnProperty.call(message, "connection"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.connection = typeof message.connection === "number" ? $BigInt(message.connection) : $util.Long.fromBits(message.connection.low >>> 0, message.connection.high >>> 0, true).toBigInt();
                    else if (typeof message.connection === "number")
                        object.connection = options.longs === $String ? $String(message.connection) : message.connection;
                    else
                        object.connection = options.longs === $String ? $util.Long.prototype.toString.call(message.connection) : options.longs === $Number ? new $util.LongBits(message.connection.low >>> 0, message.connection.high >>> 0).toNumber(true) : message.connection;
                if (message.lease != null && $Object.hasOwnProperty.call(message, "lease"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.lease = typeof message.lease === "number" ? $BigInt(message.lease) : $util.Long.fromBits(message.lease.low >>> 0, message.lease.high >>> 0, true).toBigInt();
                    else if (typeof message.lease === "number")
                        object.lease = options.longs === $String ? $String(message.lease) : message.lease;
                    else
                        object.lease = options.longs === $String ? $util.Long.prototype.toString.call(message.lease) : options.longs === $Number ? new $util.LongBits(message.lease.low >>> 0, message.lease.high >>> 0).toNumber(true) : message.lease;
                if (message.schema != null && $Object.hasOwnProperty.call(message, "schema"))
                    object.schema = message.schema;
                if (message.model != null && $Object.hasOwnProperty.call(message, "model"))
                    object.model = message.model;
                if (message.correlation != null && $Object.hasOwnProperty.call(message, "correlation"))
                    object.correlation = options.bytes === $String ? $util.base64.encode(message.correlation, 0, message.correlation.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.correlation) : message.correlation;
                if (message.cause != null && $Object.hasOwnProperty.call(message, "cause"))
                    object.cause = message.cause;
                if (message.traceparent != null && $Object.hasOwnProperty.call(message, "traceparent"))
                    object.traceparent = message.traceparent;
                if (message.gateway != null && $Object.hasOwnProperty.call(message, "gateway"))
                    object.gateway = message.gateway;
                if (message.document != null && $Object.hasOwnProperty.call(message, "document"))
                    object.document = message.document;
                if (message.actor != null && $Object.hasOwnProperty.call(message, "actor"))
                    object.actor = message.actor;
                if (message.topic != null && $Object.hasOwnProperty.call(message, "topic"))
                    object.topic = message.topic;
                if (message.backfill != null && $Object.hasOwnProperty.call(message, "backfill"))
                    object.backfill = message.backfill;
                if (message.effectSource != null && $Object.hasOwnProperty.call(message, "effectSource"))
                    object.effectSource = message.effectSource;
                if (message.effectVersion != null && $Object.hasOwnProperty.call(message, "effectVersion"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.effectVersion = typeof message.effectVersion === "number" ? $BigInt(message.effectVersion) : $util.Long.fromBits(message.effectVersion.low >>> 0, message.effectVersion.high >>> 0, true).toBigInt();
                    else if (typeof message.effectVersion === "number")
                        object.effectVersion = options.longs === $String ? $String(message.effectVersion) : message.effectVersion;
                    else
                        object.effectVersion = options.longs === $String ? $util.Long.prototype.toString.call(message.effectVersion) : options.longs === $Number ? new $util.LongBits(message.effectVersion.low >>> 0, message.effectVersion.high >>> 0).toNumber(true) : message.effectVersion;
                if (message.effectIndex != null && $Object.hasOwnProperty.call(message, "effectIndex"))
                    object.effectIndex = message.effectIndex;
                if (message.expectedVersion != null && $Object.hasOwnProperty.call(message, "expectedVersion"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.expectedVersion = typeof message.expectedVersion === "number" ? $BigInt(message.expectedVersion) : $util.Long.fromBits(message.expectedVersion.low >>> 0, message.expectedVersion.high >>> 0, true).toBigInt();
                    else if (typeof message.expectedVersion === "number")
                        object.expectedVersion = options.longs === $String ? $String(message.expectedVersion) : message.expectedVersion;
                    else
                        object.expectedVersion = options.longs === $String ? $util.Long.prototype.toString.call(message.expectedVersion) : options.longs === $Number ? new $util.LongBits(message.expectedVersion.low >>> 0, message.expectedVersion.high >>> 0).toNumber(true) : message.expectedVersion;
                if (message.publishFlags != null && $Object.hasOwnProperty.call(message, "publishFlags"))
                    object.publishFlags = message.publishFlags;
                if (message.publishProperties != null && $Object.hasOwnProperty.call(message, "publishProperties"))
                    object.publishProperties = options.bytes === $String ? $util.base64.encode(message.publishProperties, 0, message.publishProperties.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.publishProperties) : message.publishProperties;
                if (message.expiresMs != null && $Object.hasOwnProperty.call(message, "expiresMs"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.expiresMs = typeof message.expiresMs === "number" ? $BigInt(message.expiresMs) : $util.Long.fromBits(message.expiresMs.low >>> 0, message.expiresMs.high >>> 0, true).toBigInt();
                    else if (typeof message.expiresMs === "number")
                        object.expiresMs = options.longs === $String ? $String(message.expiresMs) : message.expiresMs;
                    else
                        object.expiresMs = options.longs === $String ? $util.Long.prototype.toString.call(message.expiresMs) : options.longs === $Number ? new $util.LongBits(message.expiresMs.low >>> 0, message.expiresMs.high >>> 0).toNumber(true) : message.expiresMs;
                if (message.session != null && $Object.hasOwnProperty.call(message, "session"))
                    object.session = message.session;
                if (message.packetId != null && $Object.hasOwnProperty.call(message, "packetId"))
                    object.packetId = message.packetId;
                return object;
            };

            Event.prototype.toJSON = function() {
                return Event.toObject(this, $protobuf.util.toJSONOptions);
            };

            return Event;
        })();

        v1.EventBatch = (function() {

            const EventBatch = function (properties) {
                this.events = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            EventBatch.prototype.edgeEpoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            EventBatch.prototype.counter = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            EventBatch.prototype.edge = "";
            EventBatch.prototype.openedMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            EventBatch.prototype.events = $util.emptyArray;

            EventBatch.create = function(properties) {
                return new EventBatch(properties);
            };

            EventBatch.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.edgeEpoch != null && $Object.hasOwnProperty.call(message, "edgeEpoch") && (typeof message.edgeEpoch === "object" ? message.edgeEpoch.low || message.edgeEpoch.high : message.edgeEpoch !== 0))
                    writer.uint32(8).uint64(message.edgeEpoch);
                if (message.counter != null && $Object.hasOwnProperty.call(message, "counter") && (typeof message.counter === "object" ? message.counter.low || message.counter.high : message.counter !== 0))
                    writer.uint32(16).uint64(message.counter);
                if (message.edge != null && $Object.hasOwnProperty.call(message, "edge") && message.edge !== "")
                    writer.uint32(26).string(message.edge);
                if (message.openedMs != null && $Object.hasOwnProperty.call(message, "openedMs") && (typeof message.openedMs === "object" ? message.openedMs.low || message.openedMs.high : message.openedMs !== 0))
                    writer.uint32(32).uint64(message.openedMs);
                if (message.events != null && message.events.length)
                    for (let i = 0; i < message.events.length; ++i)
                        $root.twinfold.v1.Event.encode(message.events[i], writer.uint32(42).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            EventBatch.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.EventBatch();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.edgeEpoch = value;
                            else
                                delete message.edgeEpoch;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.counter = value;
                            else
                                delete message.counter;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.edge = value;
                            else
                                delete message.edge;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.openedMs = value;
                            else
                                delete message.openedMs;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if (!(message.events && message.events.length))
                                message.events = [];
                            message.events.push($root.twinfold.v1.Event.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            EventBatch.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.EventBatch)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.EventBatch: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.EventBatch();
                if (object.edgeEpoch != null)
                    if (typeof object.edgeEpoch === "object" ? object.edgeEpoch.low || object.edgeEpoch.high : $Number(object.edgeEpoch) !== 0)
                        if ($util.Long)
                            message.edgeEpoch = $util.Long.fromValue(object.edgeEpoch, true);
                        else if (typeof object.edgeEpoch === "string")
                            message.edgeEpoch = $parseInt(object.edgeEpoch, 10);
                        else if (typeof object.edgeEpoch === "number")
                            message.edgeEpoch = object.edgeEpoch;
                        else if (typeof object.edgeEpoch === "object")
                            message.edgeEpoch = new $util.LongBits(object.edgeEpoch.low >>> 0, object.edgeEpoch.high >>> 0).toNumber(true);
                if (object.counter != null)
                    if (typeof object.counter === "object" ? object.counter.low || object.counter.high : $Number(object.counter) !== 0)
                        if ($util.Long)
                            message.counter = $util.Long.fromValue(object.counter, true);
                        else if (typeof object.counter === "string")
                            message.counter = $parseInt(object.counter, 10);
                        else if (typeof object.counter === "number")
                            message.counter = object.counter;
                        else if (typeof object.counter === "object")
                            message.counter = new $util.LongBits(object.counter.low >>> 0, object.counter.high >>> 0).toNumber(true);
                if (object.edge != null)
                    if (typeof object.edge !== "string" || object.edge.length)
                        message.edge = $String(object.edge);
                if (object.openedMs != null)
                    if (typeof object.openedMs === "object" ? object.openedMs.low || object.openedMs.high : $Number(object.openedMs) !== 0)
                        if ($util.Long)
                            message.openedMs = $util.Long.fromValue(object.openedMs, true);
                        else if (typeof object.openedMs === "string")
                            message.openedMs = $parseInt(object.openedMs, 10);
                        else if (typeof object.openedMs === "number")
                            message.openedMs = object.openedMs;
                        else if (typeof object.openedMs === "object")
                            message.openedMs = new $util.LongBits(object.openedMs.low >>> 0, object.openedMs.high >>> 0).toNumber(true);
                if (object.events) {
                    if (!$Array.isArray(object.events))
                        throw $TypeError(".twinfold.v1.EventBatch.events: array expected");
                    message.events = $Array(object.events.length);
                    for (let i = 0; i < object.events.length; ++i) {
                        if (!$util.isObject(object.events[i]))
                            throw $TypeError(".twinfold.v1.EventBatch.events: object expected");
                        message.events[i] = $root.twinfold.v1.Event.fromObject(object.events[i], _depth + 1);
                    }
                }
                return message;
            };

            EventBatch.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults)
                    object.events = [];
                if (options.defaults) {
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.edgeEpoch = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.edgeEpoch = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.counter = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.counter = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.edge = "";
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.openedMs = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.openedMs = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                }
                if (message.edgeEpoch != null && $Object.hasOwnProperty.call(message, "edgeEpoch"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.edgeEpoch = typeof message.edgeEpoch === "number" ? $BigInt(message.edgeEpoch) : $util.Long.fromBits(message.edgeEpoch.low >>> 0, message.edgeEpoch.high >>> 0, true).toBigInt();
                    else if (typeof message.edgeEpoch === "number")
                        object.edgeEpoch = options.longs === $String ? $String(message.edgeEpoch) : message.edgeEpoch;
                    else
                        object.edgeEpoch = options.longs === $String ? $util.Long.prototype.toString.call(message.edgeEpoch) : options.longs === $Number ? new $util.LongBits(message.edgeEpoch.low >>> 0, message.edgeEpoch.high >>> 0).toNumber(true) : message.edgeEpoch;
                if (message.counter != null && $Object.hasOwnProperty.call(message, "counter"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.counter = typeof message.counter === "number" ? $BigInt(message.counter) : $util.Long.fromBits(message.counter.low >>> 0, message.counter.high >>> 0, true).toBigInt();
                    else if (typeof message.counter === "number")
                        object.counter = options.longs === $String ? $String(message.counter) : message.counter;
                    else
                        object.counter = options.longs === $String ? $util.Long.prototype.toString.call(message.counter) : options.longs === $Number ? new $util.LongBits(message.counter.low >>> 0, message.counter.high >>> 0).toNumber(true) : message.counter;
                if (message.edge != null && $Object.hasOwnProperty.call(message, "edge"))
                    object.edge = message.edge;
                if (message.openedMs != null && $Object.hasOwnProperty.call(message, "openedMs"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.openedMs = typeof message.openedMs === "number" ? $BigInt(message.openedMs) : $util.Long.fromBits(message.openedMs.low >>> 0, message.openedMs.high >>> 0, true).toBigInt();
                    else if (typeof message.openedMs === "number")
                        object.openedMs = options.longs === $String ? $String(message.openedMs) : message.openedMs;
                    else
                        object.openedMs = options.longs === $String ? $util.Long.prototype.toString.call(message.openedMs) : options.longs === $Number ? new $util.LongBits(message.openedMs.low >>> 0, message.openedMs.high >>> 0).toNumber(true) : message.openedMs;
                if (message.events && message.events.length) {
                    object.events = $Array(message.events.length);
                    for (let j = 0; j < message.events.length; ++j)
                        object.events[j] = $root.twinfold.v1.Event.toObject(message.events[j], options, _depth + 1);
                }
                return object;
            };

            EventBatch.prototype.toJSON = function() {
                return EventBatch.toObject(this, $protobuf.util.toJSONOptions);
            };

            return EventBatch;
        })();

        v1.EdgeGone = (function() {

            const EdgeGone = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            EdgeGone.prototype.edgeEpoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            EdgeGone.prototype.drained = false;

            EdgeGone.create = function(properties) {
                return new EdgeGone(properties);
            };

            EdgeGone.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.edgeEpoch != null && $Object.hasOwnProperty.call(message, "edgeEpoch") && (typeof message.edgeEpoch === "object" ? message.edgeEpoch.low || message.edgeEpoch.high : message.edgeEpoch !== 0))
                    writer.uint32(8).uint64(message.edgeEpoch);
                if (message.drained != null && $Object.hasOwnProperty.call(message, "drained") && message.drained !== false)
                    writer.uint32(16).bool(message.drained);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            EdgeGone.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.EdgeGone();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.edgeEpoch = value;
                            else
                                delete message.edgeEpoch;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.drained = value;
                            else
                                delete message.drained;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            EdgeGone.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.EdgeGone)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.EdgeGone: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.EdgeGone();
                if (object.edgeEpoch != null)
                    if (typeof object.edgeEpoch === "object" ? object.edgeEpoch.low || object.edgeEpoch.high : $Number(object.edgeEpoch) !== 0)
                        if ($util.Long)
                            message.edgeEpoch = $util.Long.fromValue(object.edgeEpoch, true);
                        else if (typeof object.edgeEpoch === "string")
                            message.edgeEpoch = $parseInt(object.edgeEpoch, 10);
                        else if (typeof object.edgeEpoch === "number")
                            message.edgeEpoch = object.edgeEpoch;
                        else if (typeof object.edgeEpoch === "object")
                            message.edgeEpoch = new $util.LongBits(object.edgeEpoch.low >>> 0, object.edgeEpoch.high >>> 0).toNumber(true);
                if (object.drained != null)
                    if (object.drained)
                        message.drained = $Boolean(object.drained);
                return message;
            };

            EdgeGone.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.edgeEpoch = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.edgeEpoch = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.drained = false;
                }
                if (message.edgeEpoch != null && $Object.hasOwnProperty.call(message, "edgeEpoch"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.edgeEpoch = typeof message.edgeEpoch === "number" ? $BigInt(message.edgeEpoch) : $util.Long.fromBits(message.edgeEpoch.low >>> 0, message.edgeEpoch.high >>> 0, true).toBigInt();
                    else if (typeof message.edgeEpoch === "number")
                        object.edgeEpoch = options.longs === $String ? $String(message.edgeEpoch) : message.edgeEpoch;
                    else
                        object.edgeEpoch = options.longs === $String ? $util.Long.prototype.toString.call(message.edgeEpoch) : options.longs === $Number ? new $util.LongBits(message.edgeEpoch.low >>> 0, message.edgeEpoch.high >>> 0).toNumber(true) : message.edgeEpoch;
                if (message.drained != null && $Object.hasOwnProperty.call(message, "drained"))
                    object.drained = message.drained;
                return object;
            };

            EdgeGone.prototype.toJSON = function() {
                return EdgeGone.toObject(this, $protobuf.util.toJSONOptions);
            };

            return EdgeGone;
        })();

        v1.Metric = (function() {

            const Metric = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Metric.prototype.name = "";
            Metric.prototype.number = null;
            Metric.prototype.boolean = null;
            Metric.prototype.text = null;
            Metric.prototype.integer = null;

            let $oneOfFields;

            $Object.defineProperty(Metric.prototype, "value", {
                get: $util.oneOfGetter($oneOfFields = ["number", "boolean", "text", "integer"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Metric.create = function(properties) {
                return new Metric(properties);
            };

            Metric.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== "")
                    writer.uint32(10).string(message.name);
                if (message.number != null && $Object.hasOwnProperty.call(message, "number"))
                    writer.uint32(17).double(message.number);
                if (message.boolean != null && $Object.hasOwnProperty.call(message, "boolean"))
                    writer.uint32(24).bool(message.boolean);
                if (message.text != null && $Object.hasOwnProperty.call(message, "text"))
                    writer.uint32(34).string(message.text);
                if (message.integer != null && $Object.hasOwnProperty.call(message, "integer"))
                    writer.uint32(40).sint64(message.integer);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Metric.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.Metric();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 1)
                                break;
                            message.number = reader.double();
                            message.value = "number";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            message.boolean = reader.bool();
                            message.value = "boolean";
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.text = reader.stringVerify();
                            message.value = "text";
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            message.integer = reader.sint64();
                            message.value = "integer";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            Metric.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.Metric)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.Metric: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.Metric();
                if (object.name != null)
                    if (typeof object.name !== "string" || object.name.length)
                        message.name = $String(object.name);
                if (object.number != null)
                    message.number = $Number(object.number);
                if (object.boolean != null)
                    message.boolean = $Boolean(object.boolean);
                if (object.text != null)
                    message.text = $String(object.text);
                if (object.integer != null)
                    if ($util.Long)
                        message.integer = $util.Long.fromValue(object.integer, false);
                    else if (typeof object.integer === "string")
                        message.integer = $parseInt(object.integer, 10);
                    else if (typeof object.integer === "number")
                        message.integer = object.integer;
                    else if (typeof object.integer === "object")
                        message.integer = new $util.LongBits(object.integer.low >>> 0, object.integer.high >>> 0).toNumber();
                return message;
            };

            Metric.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults)
                    object.name = "";
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    object.name = message.name;
                if (message.number != null && $Object.hasOwnProperty.call(message, "number")) {
                    object.number = options.json && !$isFinite(message.number) ? $String(message.number) : message.number;
                    if (options.oneofs)
                        object.value = "number";
                }
                if (message.boolean != null && $Object.hasOwnProperty.call(message, "boolean")) {
                    object.boolean = message.boolean;
                    if (options.oneofs)
                        object.value = "boolean";
                }
                if (message.text != null && $Object.hasOwnProperty.call(message, "text")) {
                    object.text = message.text;
                    if (options.oneofs)
                        object.value = "text";
                }
                if (message.integer != null && $Object.hasOwnProperty.call(message, "integer")) {
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.integer = typeof message.integer === "number" ? $BigInt(message.integer) : $util.Long.fromBits(message.integer.low >>> 0, message.integer.high >>> 0, false).toBigInt();
                    else if (typeof message.integer === "number")
                        object.integer = options.longs === $String ? $String(message.integer) : message.integer;
                    else
                        object.integer = options.longs === $String ? $util.Long.prototype.toString.call(message.integer) : options.longs === $Number ? new $util.LongBits(message.integer.low >>> 0, message.integer.high >>> 0).toNumber() : message.integer;
                    if (options.oneofs)
                        object.value = "integer";
                }
                return object;
            };

            Metric.prototype.toJSON = function() {
                return Metric.toObject(this, $protobuf.util.toJSONOptions);
            };

            return Metric;
        })();

        v1.TelemetrySample = (function() {

            const TelemetrySample = function (properties) {
                this.metrics = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            TelemetrySample.prototype.device = "";
            TelemetrySample.prototype.ts = null;
            TelemetrySample.prototype.boot = null;
            TelemetrySample.prototype.seq = null;
            TelemetrySample.prototype.id = "";
            TelemetrySample.prototype.metrics = $util.emptyArray;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(TelemetrySample.prototype, "_ts", {
                get: $util.oneOfGetter($oneOfFields = ["ts"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(TelemetrySample.prototype, "_boot", {
                get: $util.oneOfGetter($oneOfFields = ["boot"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(TelemetrySample.prototype, "_seq", {
                get: $util.oneOfGetter($oneOfFields = ["seq"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            TelemetrySample.create = function(properties) {
                return new TelemetrySample(properties);
            };

            TelemetrySample.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.device != null && $Object.hasOwnProperty.call(message, "device") && message.device !== "")
                    writer.uint32(10).string(message.device);
                if (message.ts != null && $Object.hasOwnProperty.call(message, "ts"))
                    writer.uint32(16).uint64(message.ts);
                if (message.boot != null && $Object.hasOwnProperty.call(message, "boot"))
                    writer.uint32(24).uint64(message.boot);
                if (message.seq != null && $Object.hasOwnProperty.call(message, "seq"))
                    writer.uint32(32).uint64(message.seq);
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== "")
                    writer.uint32(42).string(message.id);
                if (message.metrics != null && message.metrics.length)
                    for (let i = 0; i < message.metrics.length; ++i)
                        $root.twinfold.v1.Metric.encode(message.metrics[i], writer.uint32(50).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            TelemetrySample.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.TelemetrySample();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.device = value;
                            else
                                delete message.device;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            message.ts = reader.uint64();
                            message._ts = "ts";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            message.boot = reader.uint64();
                            message._boot = "boot";
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            message.seq = reader.uint64();
                            message._seq = "seq";
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if (!(message.metrics && message.metrics.length))
                                message.metrics = [];
                            message.metrics.push($root.twinfold.v1.Metric.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            TelemetrySample.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.TelemetrySample)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.TelemetrySample: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.TelemetrySample();
                if (object.device != null)
                    if (typeof object.device !== "string" || object.device.length)
                        message.device = $String(object.device);
                if (object.ts != null)
                    if ($util.Long)
                        message.ts = $util.Long.fromValue(object.ts, true);
                    else if (typeof object.ts === "string")
                        message.ts = $parseInt(object.ts, 10);
                    else if (typeof object.ts === "number")
                        message.ts = object.ts;
                    else if (typeof object.ts === "object")
                        message.ts = new $util.LongBits(object.ts.low >>> 0, object.ts.high >>> 0).toNumber(true);
                if (object.boot != null)
                    if ($util.Long)
                        message.boot = $util.Long.fromValue(object.boot, true);
                    else if (typeof object.boot === "string")
                        message.boot = $parseInt(object.boot, 10);
                    else if (typeof object.boot === "number")
                        message.boot = object.boot;
                    else if (typeof object.boot === "object")
                        message.boot = new $util.LongBits(object.boot.low >>> 0, object.boot.high >>> 0).toNumber(true);
                if (object.seq != null)
                    if ($util.Long)
                        message.seq = $util.Long.fromValue(object.seq, true);
                    else if (typeof object.seq === "string")
                        message.seq = $parseInt(object.seq, 10);
                    else if (typeof object.seq === "number")
                        message.seq = object.seq;
                    else if (typeof object.seq === "object")
                        message.seq = new $util.LongBits(object.seq.low >>> 0, object.seq.high >>> 0).toNumber(true);
                if (object.id != null)
                    if (typeof object.id !== "string" || object.id.length)
                        message.id = $String(object.id);
                if (object.metrics) {
                    if (!$Array.isArray(object.metrics))
                        throw $TypeError(".twinfold.v1.TelemetrySample.metrics: array expected");
                    message.metrics = $Array(object.metrics.length);
                    for (let i = 0; i < object.metrics.length; ++i) {
                        if (!$util.isObject(object.metrics[i]))
                            throw $TypeError(".twinfold.v1.TelemetrySample.metrics: object expected");
                        message.metrics[i] = $root.twinfold.v1.Metric.fromObject(object.metrics[i], _depth + 1);
                    }
                }
                return message;
            };

            TelemetrySample.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults)
                    object.metrics = [];
                if (options.defaults) {
                    object.device = "";
                    object.id = "";
                }
                if (message.device != null && $Object.hasOwnProperty.call(message, "device"))
                    object.device = message.device;
                if (message.ts != null && $Object.hasOwnProperty.call(message, "ts"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.ts = typeof message.ts === "number" ? $BigInt(message.ts) : $util.Long.fromBits(message.ts.low >>> 0, message.ts.high >>> 0, true).toBigInt();
                    else if (typeof message.ts === "number")
                        object.ts = options.longs === $String ? $String(message.ts) : message.ts;
                    else
                        object.ts = options.longs === $String ? $util.Long.prototype.toString.call(message.ts) : options.longs === $Number ? new $util.LongBits(message.ts.low >>> 0, message.ts.high >>> 0).toNumber(true) : message.ts;
                if (message.boot != null && $Object.hasOwnProperty.call(message, "boot"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.boot = typeof message.boot === "number" ? $BigInt(message.boot) : $util.Long.fromBits(message.boot.low >>> 0, message.boot.high >>> 0, true).toBigInt();
                    else if (typeof message.boot === "number")
                        object.boot = options.longs === $String ? $String(message.boot) : message.boot;
                    else
                        object.boot = options.longs === $String ? $util.Long.prototype.toString.call(message.boot) : options.longs === $Number ? new $util.LongBits(message.boot.low >>> 0, message.boot.high >>> 0).toNumber(true) : message.boot;
                if (message.seq != null && $Object.hasOwnProperty.call(message, "seq"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.seq = typeof message.seq === "number" ? $BigInt(message.seq) : $util.Long.fromBits(message.seq.low >>> 0, message.seq.high >>> 0, true).toBigInt();
                    else if (typeof message.seq === "number")
                        object.seq = options.longs === $String ? $String(message.seq) : message.seq;
                    else
                        object.seq = options.longs === $String ? $util.Long.prototype.toString.call(message.seq) : options.longs === $Number ? new $util.LongBits(message.seq.low >>> 0, message.seq.high >>> 0).toNumber(true) : message.seq;
                if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                    object.id = message.id;
                if (message.metrics && message.metrics.length) {
                    object.metrics = $Array(message.metrics.length);
                    for (let j = 0; j < message.metrics.length; ++j)
                        object.metrics[j] = $root.twinfold.v1.Metric.toObject(message.metrics[j], options, _depth + 1);
                }
                return object;
            };

            TelemetrySample.prototype.toJSON = function() {
                return TelemetrySample.toObject(this, $protobuf.util.toJSONOptions);
            };

            return TelemetrySample;
        })();

        v1.TelemetryBatch = (function() {

            const TelemetryBatch = function (properties) {
                this.samples = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            TelemetryBatch.prototype.samples = $util.emptyArray;

            TelemetryBatch.create = function(properties) {
                return new TelemetryBatch(properties);
            };

            TelemetryBatch.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.samples != null && message.samples.length)
                    for (let i = 0; i < message.samples.length; ++i)
                        $root.twinfold.v1.TelemetrySample.encode(message.samples[i], writer.uint32(10).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            TelemetryBatch.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.TelemetryBatch();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.samples && message.samples.length))
                                message.samples = [];
                            message.samples.push($root.twinfold.v1.TelemetrySample.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            TelemetryBatch.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.TelemetryBatch)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.TelemetryBatch: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.TelemetryBatch();
                if (object.samples) {
                    if (!$Array.isArray(object.samples))
                        throw $TypeError(".twinfold.v1.TelemetryBatch.samples: array expected");
                    message.samples = $Array(object.samples.length);
                    for (let i = 0; i < object.samples.length; ++i) {
                        if (!$util.isObject(object.samples[i]))
                            throw $TypeError(".twinfold.v1.TelemetryBatch.samples: object expected");
                        message.samples[i] = $root.twinfold.v1.TelemetrySample.fromObject(object.samples[i], _depth + 1);
                    }
                }
                return message;
            };

            TelemetryBatch.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults)
                    object.samples = [];
                if (message.samples && message.samples.length) {
                    object.samples = $Array(message.samples.length);
                    for (let j = 0; j < message.samples.length; ++j)
                        object.samples[j] = $root.twinfold.v1.TelemetrySample.toObject(message.samples[j], options, _depth + 1);
                }
                return object;
            };

            TelemetryBatch.prototype.toJSON = function() {
                return TelemetryBatch.toObject(this, $protobuf.util.toJSONOptions);
            };

            return TelemetryBatch;
        })();

        v1.RecordKind = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "RECORD_KIND_FOLD"] = 0;
            values[valuesById[1] = "RECORD_KIND_CLAIM"] = 1;
            values[valuesById[2] = "RECORD_KIND_REPAIR"] = 2;
            return values;
        })();

        v1.CoveredMessage = (function() {

            const CoveredMessage = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            CoveredMessage.prototype.seq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            CoveredMessage.prototype.timestampMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            CoveredMessage.prototype.edgeEpoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            CoveredMessage.prototype.counter = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            CoveredMessage.create = function(properties) {
                return new CoveredMessage(properties);
            };

            CoveredMessage.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.seq != null && $Object.hasOwnProperty.call(message, "seq") && (typeof message.seq === "object" ? message.seq.low || message.seq.high : message.seq !== 0))
                    writer.uint32(8).uint64(message.seq);
                if (message.timestampMs != null && $Object.hasOwnProperty.call(message, "timestampMs") && (typeof message.timestampMs === "object" ? message.timestampMs.low || message.timestampMs.high : message.timestampMs !== 0))
                    writer.uint32(16).uint64(message.timestampMs);
                if (message.edgeEpoch != null && $Object.hasOwnProperty.call(message, "edgeEpoch") && (typeof message.edgeEpoch === "object" ? message.edgeEpoch.low || message.edgeEpoch.high : message.edgeEpoch !== 0))
                    writer.uint32(24).uint64(message.edgeEpoch);
                if (message.counter != null && $Object.hasOwnProperty.call(message, "counter") && (typeof message.counter === "object" ? message.counter.low || message.counter.high : message.counter !== 0))
                    writer.uint32(32).uint64(message.counter);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            CoveredMessage.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.CoveredMessage();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.seq = value;
                            else
                                delete message.seq;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.timestampMs = value;
                            else
                                delete message.timestampMs;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.edgeEpoch = value;
                            else
                                delete message.edgeEpoch;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.counter = value;
                            else
                                delete message.counter;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            CoveredMessage.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.CoveredMessage)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.CoveredMessage: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.CoveredMessage();
                if (object.seq != null)
                    if (typeof object.seq === "object" ? object.seq.low || object.seq.high : $Number(object.seq) !== 0)
                        if ($util.Long)
                            message.seq = $util.Long.fromValue(object.seq, true);
                        else if (typeof object.seq === "string")
                            message.seq = $parseInt(object.seq, 10);
                        else if (typeof object.seq === "number")
                            message.seq = object.seq;
                        else if (typeof object.seq === "object")
                            message.seq = new $util.LongBits(object.seq.low >>> 0, object.seq.high >>> 0).toNumber(true);
                if (object.timestampMs != null)
                    if (typeof object.timestampMs === "object" ? object.timestampMs.low || object.timestampMs.high : $Number(object.timestampMs) !== 0)
                        if ($util.Long)
                            message.timestampMs = $util.Long.fromValue(object.timestampMs, true);
                        else if (typeof object.timestampMs === "string")
                            message.timestampMs = $parseInt(object.timestampMs, 10);
                        else if (typeof object.timestampMs === "number")
                            message.timestampMs = object.timestampMs;
                        else if (typeof object.timestampMs === "object")
                            message.timestampMs = new $util.LongBits(object.timestampMs.low >>> 0, object.timestampMs.high >>> 0).toNumber(true);
                if (object.edgeEpoch != null)
                    if (typeof object.edgeEpoch === "object" ? object.edgeEpoch.low || object.edgeEpoch.high : $Number(object.edgeEpoch) !== 0)
                        if ($util.Long)
                            message.edgeEpoch = $util.Long.fromValue(object.edgeEpoch, true);
                        else if (typeof object.edgeEpoch === "string")
                            message.edgeEpoch = $parseInt(object.edgeEpoch, 10);
                        else if (typeof object.edgeEpoch === "number")
                            message.edgeEpoch = object.edgeEpoch;
                        else if (typeof object.edgeEpoch === "object")
                            message.edgeEpoch = new $util.LongBits(object.edgeEpoch.low >>> 0, object.edgeEpoch.high >>> 0).toNumber(true);
                if (object.counter != null)
                    if (typeof object.counter === "object" ? object.counter.low || object.counter.high : $Number(object.counter) !== 0)
                        if ($util.Long)
                            message.counter = $util.Long.fromValue(object.counter, true);
                        else if (typeof object.counter === "string")
                            message.counter = $parseInt(object.counter, 10);
                        else if (typeof object.counter === "number")
                            message.counter = object.counter;
                        else if (typeof object.counter === "object")
                            message.counter = new $util.LongBits(object.counter.low >>> 0, object.counter.high >>> 0).toNumber(true);
                return message;
            };

            CoveredMessage.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.seq = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.seq = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.timestampMs = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.timestampMs = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.edgeEpoch = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.edgeEpoch = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.counter = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.counter = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                }
                if (message.seq != null && $Object.hasOwnProperty.call(message, "seq"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.seq = typeof message.seq === "number" ? $BigInt(message.seq) : $util.Long.fromBits(message.seq.low >>> 0, message.seq.high >>> 0, true).toBigInt();
                    else if (typeof message.seq === "number")
                        object.seq = options.longs === $String ? $String(message.seq) : message.seq;
                    else
                        object.seq = options.longs === $String ? $util.Long.prototype.toString.call(message.seq) : options.longs === $Number ? new $util.LongBits(message.seq.low >>> 0, message.seq.high >>> 0).toNumber(true) : message.seq;
                if (message.timestampMs != null && $Object.hasOwnProperty.call(message, "timestampMs"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.timestampMs = typeof message.timestampMs === "number" ? $BigInt(message.timestampMs) : $util.Long.fromBits(message.timestampMs.low >>> 0, message.timestampMs.high >>> 0, true).toBigInt();
                    else if (typeof message.timestampMs === "number")
                        object.timestampMs = options.longs === $String ? $String(message.timestampMs) : message.timestampMs;
                    else
                        object.timestampMs = options.longs === $String ? $util.Long.prototype.toString.call(message.timestampMs) : options.longs === $Number ? new $util.LongBits(message.timestampMs.low >>> 0, message.timestampMs.high >>> 0).toNumber(true) : message.timestampMs;
                if (message.edgeEpoch != null && $Object.hasOwnProperty.call(message, "edgeEpoch"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.edgeEpoch = typeof message.edgeEpoch === "number" ? $BigInt(message.edgeEpoch) : $util.Long.fromBits(message.edgeEpoch.low >>> 0, message.edgeEpoch.high >>> 0, true).toBigInt();
                    else if (typeof message.edgeEpoch === "number")
                        object.edgeEpoch = options.longs === $String ? $String(message.edgeEpoch) : message.edgeEpoch;
                    else
                        object.edgeEpoch = options.longs === $String ? $util.Long.prototype.toString.call(message.edgeEpoch) : options.longs === $Number ? new $util.LongBits(message.edgeEpoch.low >>> 0, message.edgeEpoch.high >>> 0).toNumber(true) : message.edgeEpoch;
                if (message.counter != null && $Object.hasOwnProperty.call(message, "counter"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.counter = typeof message.counter === "number" ? $BigInt(message.counter) : $util.Long.fromBits(message.counter.low >>> 0, message.counter.high >>> 0, true).toBigInt();
                    else if (typeof message.counter === "number")
                        object.counter = options.longs === $String ? $String(message.counter) : message.counter;
                    else
                        object.counter = options.longs === $String ? $util.Long.prototype.toString.call(message.counter) : options.longs === $Number ? new $util.LongBits(message.counter.low >>> 0, message.counter.high >>> 0).toNumber(true) : message.counter;
                return object;
            };

            CoveredMessage.prototype.toJSON = function() {
                return CoveredMessage.toObject(this, $protobuf.util.toJSONOptions);
            };

            return CoveredMessage;
        })();

        v1.OutcomeRuns = (function() {

            const OutcomeRuns = function (properties) {
                this.seqDelta = [];
                this.index = [];
                this.count = [];
                this.outcome = [];
                this.reason = [];
                this.originalSeq = [];
                this.originalIndex = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            OutcomeRuns.prototype.seqDelta = $util.emptyArray;
            OutcomeRuns.prototype.index = $util.emptyArray;
            OutcomeRuns.prototype.count = $util.emptyArray;
            OutcomeRuns.prototype.outcome = $util.emptyArray;
            OutcomeRuns.prototype.reason = $util.emptyArray;
            OutcomeRuns.prototype.originalSeq = $util.emptyArray;
            OutcomeRuns.prototype.originalIndex = $util.emptyArray;

            OutcomeRuns.create = function(properties) {
                return new OutcomeRuns(properties);
            };

            OutcomeRuns.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.seqDelta != null && message.seqDelta.length)
                    writer.uint32(10).uint32s(message.seqDelta);
                if (message.index != null && message.index.length)
                    writer.uint32(18).uint32s(message.index);
                if (message.count != null && message.count.length)
                    writer.uint32(26).uint32s(message.count);
                if (message.outcome != null && message.outcome.length)
                    writer.uint32(34).uint32s(message.outcome);
                if (message.reason != null && message.reason.length)
                    writer.uint32(42).uint32s(message.reason);
                if (message.originalSeq != null && message.originalSeq.length)
                    writer.uint32(50).uint64s(message.originalSeq);
                if (message.originalIndex != null && message.originalIndex.length)
                    writer.uint32(58).uint32s(message.originalIndex);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            OutcomeRuns.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.OutcomeRuns();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType === 2) {
                                if (!(message.seqDelta && message.seqDelta.length))
                                    message.seqDelta = [];
                                reader.uint32s(message.seqDelta);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.seqDelta && message.seqDelta.length))
                                message.seqDelta = [];
                            message.seqDelta.push(reader.uint32());
                            continue;
                        }
                    case 2: {
                            if (wireType === 2) {
                                if (!(message.index && message.index.length))
                                    message.index = [];
                                reader.uint32s(message.index);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.index && message.index.length))
                                message.index = [];
                            message.index.push(reader.uint32());
                            continue;
                        }
                    case 3: {
                            if (wireType === 2) {
                                if (!(message.count && message.count.length))
                                    message.count = [];
                                reader.uint32s(message.count);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.count && message.count.length))
                                message.count = [];
                            message.count.push(reader.uint32());
                            continue;
                        }
                    case 4: {
                            if (wireType === 2) {
                                if (!(message.outcome && message.outcome.length))
                                    message.outcome = [];
                                reader.uint32s(message.outcome);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.outcome && message.outcome.length))
                                message.outcome = [];
                            message.outcome.push(reader.uint32());
                            continue;
                        }
                    case 5: {
                            if (wireType === 2) {
                                if (!(message.reason && message.reason.length))
                                    message.reason = [];
                                reader.uint32s(message.reason);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.reason && message.reason.length))
                                message.reason = [];
                            message.reason.push(reader.uint32());
                            continue;
                        }
                    case 6: {
                            if (wireType === 2) {
                                if (!(message.originalSeq && message.originalSeq.length))
                                    message.originalSeq = [];
                                reader.uint64s(message.originalSeq);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.originalSeq && message.originalSeq.length))
                                message.originalSeq = [];
                            message.originalSeq.push(reader.uint64());
                            continue;
                        }
                    case 7: {
                            if (wireType === 2) {
                                if (!(message.originalIndex && message.originalIndex.length))
                                    message.originalIndex = [];
                                reader.uint32s(message.originalIndex);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.originalIndex && message.originalIndex.length))
                                message.originalIndex = [];
                            message.originalIndex.push(reader.uint32());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            OutcomeRuns.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.OutcomeRuns)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.OutcomeRuns: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.OutcomeRuns();
                if (object.seqDelta) {
                    if (!$Array.isArray(object.seqDelta))
                        throw $TypeError(".twinfold.v1.OutcomeRuns.seqDelta: array expected");
                    message.seqDelta = $Array(object.seqDelta.length);
                    for (let i = 0; i < object.seqDelta.length; ++i)
                        message.seqDelta[i] = object.seqDelta[i] >>> 0;
                }
                if (object.index) {
                    if (!$Array.isArray(object.index))
                        throw $TypeError(".twinfold.v1.OutcomeRuns.index: array expected");
                    message.index = $Array(object.index.length);
                    for (let i = 0; i < object.index.length; ++i)
                        message.index[i] = object.index[i] >>> 0;
                }
                if (object.count) {
                    if (!$Array.isArray(object.count))
                        throw $TypeError(".twinfold.v1.OutcomeRuns.count: array expected");
                    message.count = $Array(object.count.length);
                    for (let i = 0; i < object.count.length; ++i)
                        message.count[i] = object.count[i] >>> 0;
                }
                if (object.outcome) {
                    if (!$Array.isArray(object.outcome))
                        throw $TypeError(".twinfold.v1.OutcomeRuns.outcome: array expected");
                    message.outcome = $Array(object.outcome.length);
                    for (let i = 0; i < object.outcome.length; ++i)
                        message.outcome[i] = object.outcome[i] >>> 0;
                }
                if (object.reason) {
                    if (!$Array.isArray(object.reason))
                        throw $TypeError(".twinfold.v1.OutcomeRuns.reason: array expected");
                    message.reason = $Array(object.reason.length);
                    for (let i = 0; i < object.reason.length; ++i)
                        message.reason[i] = object.reason[i] >>> 0;
                }
                if (object.originalSeq) {
                    if (!$Array.isArray(object.originalSeq))
                        throw $TypeError(".twinfold.v1.OutcomeRuns.originalSeq: array expected");
                    message.originalSeq = $Array(object.originalSeq.length);
                    for (let i = 0; i < object.originalSeq.length; ++i)
                        if ($util.Long)
                            message.originalSeq[i] = $util.Long.fromValue(object.originalSeq[i], true);
                        else if (typeof object.originalSeq[i] === "string")
                            message.originalSeq[i] = $parseInt(object.originalSeq[i], 10);
                        else if (typeof object.originalSeq[i] === "number")
                            message.originalSeq[i] = object.originalSeq[i];
                        else if (typeof object.originalSeq[i] === "object")
                            message.originalSeq[i] = new $util.LongBits(object.originalSeq[i].low >>> 0, object.originalSeq[i].high >>> 0).toNumber(true);
                }
                if (object.originalIndex) {
                    if (!$Array.isArray(object.originalIndex))
                        throw $TypeError(".twinfold.v1.OutcomeRuns.originalIndex: array expected");
                    message.originalIndex = $Array(object.originalIndex.length);
                    for (let i = 0; i < object.originalIndex.length; ++i)
                        message.originalIndex[i] = object.originalIndex[i] >>> 0;
                }
                return message;
            };

            OutcomeRuns.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults) {
                    object.seqDelta = [];
                    object.index = [];
                    object.count = [];
                    object.outcome = [];
                    object.reason = [];
                    object.originalSeq = [];
                    object.originalIndex = [];
                }
                if (message.seqDelta && message.seqDelta.length) {
                    object.seqDelta = $Array(message.seqDelta.length);
                    for (let j = 0; j < message.seqDelta.length; ++j)
                        object.seqDelta[j] = message.seqDelta[j];
                }
                if (message.index && message.index.length) {
                    object.index = $Array(message.index.length);
                    for (let j = 0; j < message.index.length; ++j)
                        object.index[j] = message.index[j];
                }
                if (message.count && message.count.length) {
                    object.count = $Array(message.count.length);
                    for (let j = 0; j < message.count.length; ++j)
                        object.count[j] = message.count[j];
                }
                if (message.outcome && message.outcome.length) {
                    object.outcome = $Array(message.outcome.length);
                    for (let j = 0; j < message.outcome.length; ++j)
                        object.outcome[j] = message.outcome[j];
                }
                if (message.reason && message.reason.length) {
                    object.reason = $Array(message.reason.length);
                    for (let j = 0; j < message.reason.length; ++j)
                        object.reason[j] = message.reason[j];
                }
                if (message.originalSeq && message.originalSeq.length) {
                    object.originalSeq = $Array(message.originalSeq.length);
                    for (let j = 0; j < message.originalSeq.length; ++j)
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.originalSeq[j] = typeof message.originalSeq[j] === "number" ? $BigInt(message.originalSeq[j]) : $util.Long.fromBits(message.originalSeq[j].low >>> 0, message.originalSeq[j].high >>> 0, true).toBigInt();
                        else if (typeof message.originalSeq[j] === "number")
                            object.originalSeq[j] = options.longs === $String ? $String(message.originalSeq[j]) : message.originalSeq[j];
                        else
                            object.originalSeq[j] = options.longs === $String ? $util.Long.prototype.toString.call(message.originalSeq[j]) : options.longs === $Number ? new $util.LongBits(message.originalSeq[j].low >>> 0, message.originalSeq[j].high >>> 0).toNumber(true) : message.originalSeq[j];
                }
                if (message.originalIndex && message.originalIndex.length) {
                    object.originalIndex = $Array(message.originalIndex.length);
                    for (let j = 0; j < message.originalIndex.length; ++j)
                        object.originalIndex[j] = message.originalIndex[j];
                }
                return object;
            };

            OutcomeRuns.prototype.toJSON = function() {
                return OutcomeRuns.toObject(this, $protobuf.util.toJSONOptions);
            };

            return OutcomeRuns;
        })();

        v1.Effect = (function() {

            const Effect = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Effect.prototype.kind = "";
            Effect.prototype.target = "";
            Effect.prototype.atMostOnce = false;
            Effect.prototype.connection = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Effect.prototype.deadlineMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Effect.prototype.body = $util.newBuffer([]);

            Effect.create = function(properties) {
                return new Effect(properties);
            };

            Effect.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== "")
                    writer.uint32(10).string(message.kind);
                if (message.target != null && $Object.hasOwnProperty.call(message, "target") && message.target !== "")
                    writer.uint32(18).string(message.target);
                if (message.atMostOnce != null && $Object.hasOwnProperty.call(message, "atMostOnce") && message.atMostOnce !== false)
                    writer.uint32(24).bool(message.atMostOnce);
                if (message.connection != null && $Object.hasOwnProperty.call(message, "connection") && (typeof message.connection === "object" ? message.connection.low || message.connection.high : message.connection !== 0))
                    writer.uint32(32).uint64(message.connection);
                if (message.deadlineMs != null && $Object.hasOwnProperty.call(message, "deadlineMs") && (typeof message.deadlineMs === "object" ? message.deadlineMs.low || message.deadlineMs.high : message.deadlineMs !== 0))
                    writer.uint32(40).uint64(message.deadlineMs);
                if (message.body != null && $Object.hasOwnProperty.call(message, "body") && message.body.length)
                    writer.uint32(50).bytes(message.body);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Effect.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.Effect();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.kind = value;
                            else
                                delete message.kind;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.target = value;
                            else
                                delete message.target;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.atMostOnce = value;
                            else
                                delete message.atMostOnce;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.connection = value;
                            else
                                delete message.connection;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.deadlineMs = value;
                            else
                                delete message.deadlineMs;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.body = value;
                            else
                                delete message.body;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            Effect.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.Effect)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.Effect: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.Effect();
                if (object.kind != null)
                    if (typeof object.kind !== "string" || object.kind.length)
                        message.kind = $String(object.kind);
                if (object.target != null)
                    if (typeof object.target !== "string" || object.target.length)
                        message.target = $String(object.target);
                if (object.atMostOnce != null)
                    if (object.atMostOnce)
                        message.atMostOnce = $Boolean(object.atMostOnce);
                if (object.connection != null)
                    if (typeof object.connection === "object" ? object.connection.low || object.connection.high : $Number(object.connection) !== 0)
                        if ($util.Long)
                            message.connection = $util.Long.fromValue(object.connection, true);
                        else if (typeof object.connection === "string")
                            message.connection = $parseInt(object.connection, 10);
                        else if (typeof object.connection === "number")
                            message.connection = object.connection;
                        else if (typeof object.connection === "object")
                            message.connection = new $util.LongBits(object.connection.low >>> 0, object.connection.high >>> 0).toNumber(true);
                if (object.deadlineMs != null)
                    if (typeof object.deadlineMs === "object" ? object.deadlineMs.low || object.deadlineMs.high : $Number(object.deadlineMs) !== 0)
                        if ($util.Long)
                            message.deadlineMs = $util.Long.fromValue(object.deadlineMs, true);
                        else if (typeof object.deadlineMs === "string")
                            message.deadlineMs = $parseInt(object.deadlineMs, 10);
                        else if (typeof object.deadlineMs === "number")
                            message.deadlineMs = object.deadlineMs;
                        else if (typeof object.deadlineMs === "object")
                            message.deadlineMs = new $util.LongBits(object.deadlineMs.low >>> 0, object.deadlineMs.high >>> 0).toNumber(true);
                if (object.body != null)
                    if (object.body.length)
                        if (typeof object.body === "string")
                            $util.base64.decode(object.body, message.body = $util.newBuffer($util.base64.length(object.body)), 0);
                        else if (object.body.length >= 0)
                            message.body = object.body;
                return message;
            };

            Effect.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    object.kind = "";
                    object.target = "";
                    object.atMostOnce = false;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.connection = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.connection = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.deadlineMs = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.deadlineMs = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if (options.bytes === $String)
                        object.body = "";
                    else {
                        object.body = [];
                        if (options.bytes !== $Array)
                            object.body = $util.newBuffer(object.body);
                    }
                }
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind"))
                    object.kind = message.kind;
                if (message.target != null && $Object.hasOwnProperty.call(message, "target"))
                    object.target = message.target;
                if (message.atMostOnce != null && $Object.hasOwnProperty.call(message, "atMostOnce"))
                    object.atMostOnce = message.atMostOnce;
                if (message.connection != null && $Object.hasOwnProperty.call(message, "connection"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.connection = typeof message.connection === "number" ? $BigInt(message.connection) : $util.Long.fromBits(message.connection.low >>> 0, message.connection.high >>> 0, true).toBigInt();
                    else if (typeof message.connection === "number")
                        object.connection = options.longs === $String ? $String(message.connection) : message.connection;
                    else
                        object.connection = options.longs === $String ? $util.Long.prototype.toString.call(message.connection) : options.longs === $Number ? new $util.LongBits(message.connection.low >>> 0, message.connection.high >>> 0).toNumber(true) : message.connection;
                if (message.deadlineMs != null && $Object.hasOwnProperty.call(message, "deadlineMs"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.deadlineMs = typeof message.deadlineMs === "number" ? $BigInt(message.deadlineMs) : $util.Long.fromBits(message.deadlineMs.low >>> 0, message.deadlineMs.high >>> 0, true).toBigInt();
                    else if (typeof message.deadlineMs === "number")
                        object.deadlineMs = options.longs === $String ? $String(message.deadlineMs) : message.deadlineMs;
                    else
                        object.deadlineMs = options.longs === $String ? $util.Long.prototype.toString.call(message.deadlineMs) : options.longs === $Number ? new $util.LongBits(message.deadlineMs.low >>> 0, message.deadlineMs.high >>> 0).toNumber(true) : message.deadlineMs;
                if (message.body != null && $Object.hasOwnProperty.call(message, "body"))
                    object.body = options.bytes === $String ? $util.base64.encode(message.body, 0, message.body.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.body) : message.body;
                return object;
            };

            Effect.prototype.toJSON = function() {
                return Effect.toObject(this, $protobuf.util.toJSONOptions);
            };

            return Effect;
        })();

        v1.Timer = (function() {

            const Timer = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Timer.prototype.id = "";
            Timer.prototype.dueMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            Timer.create = function(properties) {
                return new Timer(properties);
            };

            Timer.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== "")
                    writer.uint32(10).string(message.id);
                if (message.dueMs != null && $Object.hasOwnProperty.call(message, "dueMs") && (typeof message.dueMs === "object" ? message.dueMs.low || message.dueMs.high : message.dueMs !== 0))
                    writer.uint32(16).uint64(message.dueMs);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Timer.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.Timer();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.dueMs = value;
                            else
                                delete message.dueMs;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            Timer.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.Timer)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.Timer: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.Timer();
                if (object.id != null)
                    if (typeof object.id !== "string" || object.id.length)
                        message.id = $String(object.id);
                if (object.dueMs != null)
                    if (typeof object.dueMs === "object" ? object.dueMs.low || object.dueMs.high : $Number(object.dueMs) !== 0)
                        if ($util.Long)
                            message.dueMs = $util.Long.fromValue(object.dueMs, true);
                        else if (typeof object.dueMs === "string")
                            message.dueMs = $parseInt(object.dueMs, 10);
                        else if (typeof object.dueMs === "number")
                            message.dueMs = object.dueMs;
                        else if (typeof object.dueMs === "object")
                            message.dueMs = new $util.LongBits(object.dueMs.low >>> 0, object.dueMs.high >>> 0).toNumber(true);
                return message;
            };

            Timer.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    object.id = "";
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.dueMs = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.dueMs = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                }
                if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                    object.id = message.id;
                if (message.dueMs != null && $Object.hasOwnProperty.call(message, "dueMs"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.dueMs = typeof message.dueMs === "number" ? $BigInt(message.dueMs) : $util.Long.fromBits(message.dueMs.low >>> 0, message.dueMs.high >>> 0, true).toBigInt();
                    else if (typeof message.dueMs === "number")
                        object.dueMs = options.longs === $String ? $String(message.dueMs) : message.dueMs;
                    else
                        object.dueMs = options.longs === $String ? $util.Long.prototype.toString.call(message.dueMs) : options.longs === $Number ? new $util.LongBits(message.dueMs.low >>> 0, message.dueMs.high >>> 0).toNumber(true) : message.dueMs;
                return object;
            };

            Timer.prototype.toJSON = function() {
                return Timer.toObject(this, $protobuf.util.toJSONOptions);
            };

            return Timer;
        })();

        v1.Decision = (function() {

            const Decision = function (properties) {
                this.effects = [];
                this.timers = [];
                this.canceledTimers = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Decision.prototype.kind = "";
            Decision.prototype.tenant = "";
            Decision.prototype.device = "";
            Decision.prototype.causeSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Decision.prototype.causeIndex = 0;
            Decision.prototype.section = "";
            Decision.prototype.document = "";
            Decision.prototype.path = "";
            Decision.prototype.oldValue = "";
            Decision.prototype.newValue = "";
            Decision.prototype.version = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Decision.prototype.saga = "";
            Decision.prototype.state = "";
            Decision.prototype.actor = "";
            Decision.prototype.effects = $util.emptyArray;
            Decision.prototype.timers = $util.emptyArray;
            Decision.prototype.canceledTimers = $util.emptyArray;
            Decision.prototype.body = $util.newBuffer([]);

            Decision.create = function(properties) {
                return new Decision(properties);
            };

            Decision.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== "")
                    writer.uint32(10).string(message.kind);
                if (message.tenant != null && $Object.hasOwnProperty.call(message, "tenant") && message.tenant !== "")
                    writer.uint32(18).string(message.tenant);
                if (message.device != null && $Object.hasOwnProperty.call(message, "device") && message.device !== "")
                    writer.uint32(26).string(message.device);
                if (message.causeSeq != null && $Object.hasOwnProperty.call(message, "causeSeq") && (typeof message.causeSeq === "object" ? message.causeSeq.low || message.causeSeq.high : message.causeSeq !== 0))
                    writer.uint32(32).uint64(message.causeSeq);
                if (message.causeIndex != null && $Object.hasOwnProperty.call(message, "causeIndex") && message.causeIndex !== 0)
                    writer.uint32(40).uint32(message.causeIndex);
                if (message.section != null && $Object.hasOwnProperty.call(message, "section") && message.section !== "")
                    writer.uint32(50).string(message.section);
                if (message.document != null && $Object.hasOwnProperty.call(message, "document") && message.document !== "")
                    writer.uint32(58).string(message.document);
                if (message.path != null && $Object.hasOwnProperty.call(message, "path") && message.path !== "")
                    writer.uint32(66).string(message.path);
                if (message.oldValue != null && $Object.hasOwnProperty.call(message, "oldValue") && message.oldValue !== "")
                    writer.uint32(74).string(message.oldValue);
                if (message.newValue != null && $Object.hasOwnProperty.call(message, "newValue") && message.newValue !== "")
                    writer.uint32(82).string(message.newValue);
                if (message.version != null && $Object.hasOwnProperty.call(message, "version") && (typeof message.version === "object" ? message.version.low || message.version.high : message.version !== 0))
                    writer.uint32(88).uint64(message.version);
                if (message.saga != null && $Object.hasOwnProperty.call(message, "saga") && message.saga !== "")
                    writer.uint32(98).string(message.saga);
                if (message.state != null && $Object.hasOwnProperty.call(message, "state") && message.state !== "")
                    writer.uint32(106).string(message.state);
                if (message.actor != null && $Object.hasOwnProperty.call(message, "actor") && message.actor !== "")
                    writer.uint32(114).string(message.actor);
                if (message.effects != null && message.effects.length)
                    for (let i = 0; i < message.effects.length; ++i)
                        $root.twinfold.v1.Effect.encode(message.effects[i], writer.uint32(122).fork(), _depth + 1).ldelim();
                if (message.timers != null && message.timers.length)
                    for (let i = 0; i < message.timers.length; ++i)
                        $root.twinfold.v1.Timer.encode(message.timers[i], writer.uint32(130).fork(), _depth + 1).ldelim();
                if (message.canceledTimers != null && message.canceledTimers.length)
                    for (let i = 0; i < message.canceledTimers.length; ++i)
                        writer.uint32(138).string(message.canceledTimers[i]);
                if (message.body != null && $Object.hasOwnProperty.call(message, "body") && message.body.length)
                    writer.uint32(146).bytes(message.body);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Decision.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.Decision();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.kind = value;
                            else
                                delete message.kind;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.tenant = value;
                            else
                                delete message.tenant;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.device = value;
                            else
                                delete message.device;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.causeSeq = value;
                            else
                                delete message.causeSeq;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.causeIndex = value;
                            else
                                delete message.causeIndex;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.section = value;
                            else
                                delete message.section;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.document = value;
                            else
                                delete message.document;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.path = value;
                            else
                                delete message.path;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.oldValue = value;
                            else
                                delete message.oldValue;
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.newValue = value;
                            else
                                delete message.newValue;
                            continue;
                        }
                    case 11: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.version = value;
                            else
                                delete message.version;
                            continue;
                        }
                    case 12: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.saga = value;
                            else
                                delete message.saga;
                            continue;
                        }
                    case 13: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.state = value;
                            else
                                delete message.state;
                            continue;
                        }
                    case 14: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.actor = value;
                            else
                                delete message.actor;
                            continue;
                        }
                    case 15: {
                            if (wireType !== 2)
                                break;
                            if (!(message.effects && message.effects.length))
                                message.effects = [];
                            message.effects.push($root.twinfold.v1.Effect.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 16: {
                            if (wireType !== 2)
                                break;
                            if (!(message.timers && message.timers.length))
                                message.timers = [];
                            message.timers.push($root.twinfold.v1.Timer.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 17: {
                            if (wireType !== 2)
                                break;
                            if (!(message.canceledTimers && message.canceledTimers.length))
                                message.canceledTimers = [];
                            message.canceledTimers.push(reader.stringVerify());
                            continue;
                        }
                    case 18: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.body = value;
                            else
                                delete message.body;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            Decision.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.Decision)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.Decision: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.Decision();
                if (object.kind != null)
                    if (typeof object.kind !== "string" || object.kind.length)
                        message.kind = $String(object.kind);
                if (object.tenant != null)
                    if (typeof object.tenant !== "string" || object.tenant.length)
                        message.tenant = $String(object.tenant);
                if (object.device != null)
                    if (typeof object.device !== "string" || object.device.length)
                        message.device = $String(object.device);
                if (object.causeSeq != null)
                    if (typeof object.causeSeq === "object" ? object.causeSeq.low || object.causeSeq.high : $Number(object.causeSeq) !== 0)
                        if ($util.Long)
                            message.causeSeq = $util.Long.fromValue(object.causeSeq, true);
                        else if (typeof object.causeSeq === "string")
                            message.causeSeq = $parseInt(object.causeSeq, 10);
                        else if (typeof object.causeSeq === "number")
                            message.causeSeq = object.causeSeq;
                        else if (typeof object.causeSeq === "object")
                            message.causeSeq = new $util.LongBits(object.causeSeq.low >>> 0, object.causeSeq.high >>> 0).toNumber(true);
                if (object.causeIndex != null)
                    if ($Number(object.causeIndex) !== 0)
                        message.causeIndex = object.causeIndex >>> 0;
                if (object.section != null)
                    if (typeof object.section !== "string" || object.section.length)
                        message.section = $String(object.section);
                if (object.document != null)
                    if (typeof object.document !== "string" || object.document.length)
                        message.document = $String(object.document);
                if (object.path != null)
                    if (typeof object.path !== "string" || object.path.length)
                        message.path = $String(object.path);
                if (object.oldValue != null)
                    if (typeof object.oldValue !== "string" || object.oldValue.length)
                        message.oldValue = $String(object.oldValue);
                if (object.newValue != null)
                    if (typeof object.newValue !== "string" || object.newValue.length)
                        message.newValue = $String(object.newValue);
                if (object.version != null)
                    if (typeof object.version === "object" ? object.version.low || object.version.high : $Number(object.version) !== 0)
                        if ($util.Long)
                            message.version = $util.Long.fromValue(object.version, true);
                        else if (typeof object.version === "string")
                            message.version = $parseInt(object.version, 10);
                        else if (typeof object.version === "number")
                            message.version = object.version;
                        else if (typeof object.version === "object")
                            message.version = new $util.LongBits(object.version.low >>> 0, object.version.high >>> 0).toNumber(true);
                if (object.saga != null)
                    if (typeof object.saga !== "string" || object.saga.length)
                        message.saga = $String(object.saga);
                if (object.state != null)
                    if (typeof object.state !== "string" || object.state.length)
                        message.state = $String(object.state);
                if (object.actor != null)
                    if (typeof object.actor !== "string" || object.actor.length)
                        message.actor = $String(object.actor);
                if (object.effects) {
                    if (!$Array.isArray(object.effects))
                        throw $TypeError(".twinfold.v1.Decision.effects: array expected");
                    message.effects = $Array(object.effects.length);
                    for (let i = 0; i < object.effects.length; ++i) {
                        if (!$util.isObject(object.effects[i]))
                            throw $TypeError(".twinfold.v1.Decision.effects: object expected");
                        message.effects[i] = $root.twinfold.v1.Effect.fromObject(object.effects[i], _depth + 1);
                    }
                }
                if (object.timers) {
                    if (!$Array.isArray(object.timers))
                        throw $TypeError(".twinfold.v1.Decision.timers: array expected");
                    message.timers = $Array(object.timers.length);
                    for (let i = 0; i < object.timers.length; ++i) {
                        if (!$util.isObject(object.timers[i]))
                            throw $TypeError(".twinfold.v1.Decision.timers: object expected");
                        message.timers[i] = $root.twinfold.v1.Timer.fromObject(object.timers[i], _depth + 1);
                    }
                }
                if (object.canceledTimers) {
                    if (!$Array.isArray(object.canceledTimers))
                        throw $TypeError(".twinfold.v1.Decision.canceledTimers: array expected");
                    message.canceledTimers = $Array(object.canceledTimers.length);
                    for (let i = 0; i < object.canceledTimers.length; ++i)
                        message.canceledTimers[i] = $String(object.canceledTimers[i]);
                }
                if (object.body != null)
                    if (object.body.length)
                        if (typeof object.body === "string")
                            $util.base64.decode(object.body, message.body = $util.newBuffer($util.base64.length(object.body)), 0);
                        else if (object.body.length >= 0)
                            message.body = object.body;
                return message;
            };

            Decision.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults) {
                    object.effects = [];
                    object.timers = [];
                    object.canceledTimers = [];
                }
                if (options.defaults) {
                    object.kind = "";
                    object.tenant = "";
                    object.device = "";
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.causeSeq = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.causeSeq = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.causeIndex = 0;
                    object.section = "";
                    object.document = "";
                    object.path = "";
                    object.oldValue = "";
                    object.newValue = "";
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.version = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.version = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.saga = "";
                    object.state = "";
                    object.actor = "";
                    if (options.bytes === $String)
                        object.body = "";
                    else {
                        object.body = [];
                        if (options.bytes !== $Array)
                            object.body = $util.newBuffer(object.body);
                    }
                }
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind"))
                    object.kind = message.kind;
                if (message.tenant != null && $Object.hasOwnProperty.call(message, "tenant"))
                    object.tenant = message.tenant;
                if (message.device != null && $Object.hasOwnProperty.call(message, "device"))
                    object.device = message.device;
                if (message.causeSeq != null && $Object.hasOwnProperty.call(message, "causeSeq"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.causeSeq = typeof message.causeSeq === "number" ? $BigInt(message.causeSeq) : $util.Long.fromBits(message.causeSeq.low >>> 0, message.causeSeq.high >>> 0, true).toBigInt();
                    else if (typeof message.causeSeq === "number")
                        object.causeSeq = options.longs === $String ? $String(message.causeSeq) : message.causeSeq;
                    else
                        object.causeSeq = options.longs === $String ? $util.Long.prototype.toString.call(message.causeSeq) : options.longs === $Number ? new $util.LongBits(message.causeSeq.low >>> 0, message.causeSeq.high >>> 0).toNumber(true) : message.causeSeq;
                if (message.causeIndex != null && $Object.hasOwnProperty.call(message, "causeIndex"))
                    object.causeIndex = message.causeIndex;
                if (message.section != null && $Object.hasOwnProperty.call(message, "section"))
                    object.section = message.section;
                if (message.document != null && $Object.hasOwnProperty.call(message, "document"))
                    object.document = message.document;
                if (message.path != null && $Object.hasOwnProperty.call(message, "path"))
                    object.path = message.path;
                if (message.oldValue != null && $Object.hasOwnProperty.call(message, "oldValue"))
                    object.oldValue = message.oldValue;
                if (message.newValue != null && $Object.hasOwnProperty.call(message, "newValue"))
                    object.newValue = message.newValue;
                if (message.version != null && $Object.hasOwnProperty.call(message, "version"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.version = typeof message.version === "number" ? $BigInt(message.version) : $util.Long.fromBits(message.version.low >>> 0, message.version.high >>> 0, true).toBigInt();
                    else if (typeof message.version === "number")
                        object.version = options.longs === $String ? $String(message.version) : message.version;
                    else
                        object.version = options.longs === $String ? $util.Long.prototype.toString.call(message.version) : options.longs === $Number ? new $util.LongBits(message.version.low >>> 0, message.version.high >>> 0).toNumber(true) : message.version;
                if (message.saga != null && $Object.hasOwnProperty.call(message, "saga"))
                    object.saga = message.saga;
                if (message.state != null && $Object.hasOwnProperty.call(message, "state"))
                    object.state = message.state;
                if (message.actor != null && $Object.hasOwnProperty.call(message, "actor"))
                    object.actor = message.actor;
                if (message.effects && message.effects.length) {
                    object.effects = $Array(message.effects.length);
                    for (let j = 0; j < message.effects.length; ++j)
                        object.effects[j] = $root.twinfold.v1.Effect.toObject(message.effects[j], options, _depth + 1);
                }
                if (message.timers && message.timers.length) {
                    object.timers = $Array(message.timers.length);
                    for (let j = 0; j < message.timers.length; ++j)
                        object.timers[j] = $root.twinfold.v1.Timer.toObject(message.timers[j], options, _depth + 1);
                }
                if (message.canceledTimers && message.canceledTimers.length) {
                    object.canceledTimers = $Array(message.canceledTimers.length);
                    for (let j = 0; j < message.canceledTimers.length; ++j)
                        object.canceledTimers[j] = message.canceledTimers[j];
                }
                if (message.body != null && $Object.hasOwnProperty.call(message, "body"))
                    object.body = options.bytes === $String ? $util.base64.encode(message.body, 0, message.body.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.body) : message.body;
                return object;
            };

            Decision.prototype.toJSON = function() {
                return Decision.toObject(this, $protobuf.util.toJSONOptions);
            };

            return Decision;
        })();

        v1.TableIntent = (function() {

            const TableIntent = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            TableIntent.prototype.table = "";
            TableIntent.prototype.rows = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            TableIntent.prototype.digest = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            TableIntent.prototype.generation = 0;

            TableIntent.create = function(properties) {
                return new TableIntent(properties);
            };

            TableIntent.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.table != null && $Object.hasOwnProperty.call(message, "table") && message.table !== "")
                    writer.uint32(10).string(message.table);
                if (message.rows != null && $Object.hasOwnProperty.call(message, "rows") && (typeof message.rows === "object" ? message.rows.low || message.rows.high : message.rows !== 0))
                    writer.uint32(16).uint64(message.rows);
                if (message.digest != null && $Object.hasOwnProperty.call(message, "digest") && (typeof message.digest === "object" ? message.digest.low || message.digest.high : message.digest !== 0))
                    writer.uint32(25).fixed64(message.digest);
                if (message.generation != null && $Object.hasOwnProperty.call(message, "generation") && message.generation !== 0)
                    writer.uint32(32).uint32(message.generation);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            TableIntent.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.TableIntent();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.table = value;
                            else
                                delete message.table;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.rows = value;
                            else
                                delete message.rows;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 1)
                                break;
                            if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                                message.digest = value;
                            else
                                delete message.digest;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.generation = value;
                            else
                                delete message.generation;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            TableIntent.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.TableIntent)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.TableIntent: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.TableIntent();
                if (object.table != null)
                    if (typeof object.table !== "string" || object.table.length)
                        message.table = $String(object.table);
                if (object.rows != null)
                    if (typeof object.rows === "object" ? object.rows.low || object.rows.high : $Number(object.rows) !== 0)
                        if ($util.Long)
                            message.rows = $util.Long.fromValue(object.rows, true);
                        else if (typeof object.rows === "string")
                            message.rows = $parseInt(object.rows, 10);
                        else if (typeof object.rows === "number")
                            message.rows = object.rows;
                        else if (typeof object.rows === "object")
                            message.rows = new $util.LongBits(object.rows.low >>> 0, object.rows.high >>> 0).toNumber(true);
                if (object.digest != null)
                    if (typeof object.digest === "object" ? object.digest.low || object.digest.high : $Number(object.digest) !== 0)
                        if ($util.Long)
                            message.digest = $util.Long.fromValue(object.digest, true);
                        else if (typeof object.digest === "string")
                            message.digest = $parseInt(object.digest, 10);
                        else if (typeof object.digest === "number")
                            message.digest = object.digest;
                        else if (typeof object.digest === "object")
                            message.digest = new $util.LongBits(object.digest.low >>> 0, object.digest.high >>> 0).toNumber(true);
                if (object.generation != null)
                    if ($Number(object.generation) !== 0)
                        message.generation = object.generation >>> 0;
                return message;
            };

            TableIntent.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    object.table = "";
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.rows = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.rows = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.digest = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.digest = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.generation = 0;
                }
                if (message.table != null && $Object.hasOwnProperty.call(message, "table"))
                    object.table = message.table;
                if (message.rows != null && $Object.hasOwnProperty.call(message, "rows"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.rows = typeof message.rows === "number" ? $BigInt(message.rows) : $util.Long.fromBits(message.rows.low >>> 0, message.rows.high >>> 0, true).toBigInt();
                    else if (typeof message.rows === "number")
                        object.rows = options.longs === $String ? $String(message.rows) : message.rows;
                    else
                        object.rows = options.longs === $String ? $util.Long.prototype.toString.call(message.rows) : options.longs === $Number ? new $util.LongBits(message.rows.low >>> 0, message.rows.high >>> 0).toNumber(true) : message.rows;
                if (message.digest != null && $Object.hasOwnProperty.call(message, "digest"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.digest = typeof message.digest === "number" ? $BigInt(message.digest) : $util.Long.fromBits(message.digest.low >>> 0, message.digest.high >>> 0, true).toBigInt();
                    else if (typeof message.digest === "number")
                        object.digest = options.longs === $String ? $String(message.digest) : message.digest;
                    else
                        object.digest = options.longs === $String ? $util.Long.prototype.toString.call(message.digest) : options.longs === $Number ? new $util.LongBits(message.digest.low >>> 0, message.digest.high >>> 0).toNumber(true) : message.digest;
                if (message.generation != null && $Object.hasOwnProperty.call(message, "generation"))
                    object.generation = message.generation;
                return object;
            };

            TableIntent.prototype.toJSON = function() {
                return TableIntent.toObject(this, $protobuf.util.toJSONOptions);
            };

            return TableIntent;
        })();

        v1.Intent = (function() {

            const Intent = function (properties) {
                this.tables = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Intent.prototype.to = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Intent.prototype.tables = $util.emptyArray;
            Intent.prototype.fromLogSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Intent.prototype.toLogSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            Intent.create = function(properties) {
                return new Intent(properties);
            };

            Intent.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.to != null && $Object.hasOwnProperty.call(message, "to") && (typeof message.to === "object" ? message.to.low || message.to.high : message.to !== 0))
                    writer.uint32(8).uint64(message.to);
                if (message.tables != null && message.tables.length)
                    for (let i = 0; i < message.tables.length; ++i)
                        $root.twinfold.v1.TableIntent.encode(message.tables[i], writer.uint32(18).fork(), _depth + 1).ldelim();
                if (message.fromLogSeq != null && $Object.hasOwnProperty.call(message, "fromLogSeq") && (typeof message.fromLogSeq === "object" ? message.fromLogSeq.low || message.fromLogSeq.high : message.fromLogSeq !== 0))
                    writer.uint32(24).uint64(message.fromLogSeq);
                if (message.toLogSeq != null && $Object.hasOwnProperty.call(message, "toLogSeq") && (typeof message.toLogSeq === "object" ? message.toLogSeq.low || message.toLogSeq.high : message.toLogSeq !== 0))
                    writer.uint32(32).uint64(message.toLogSeq);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Intent.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.Intent();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.to = value;
                            else
                                delete message.to;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.tables && message.tables.length))
                                message.tables = [];
                            message.tables.push($root.twinfold.v1.TableIntent.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.fromLogSeq = value;
                            else
                                delete message.fromLogSeq;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.toLogSeq = value;
                            else
                                delete message.toLogSeq;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            Intent.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.Intent)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.Intent: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.Intent();
                if (object.to != null)
                    if (typeof object.to === "object" ? object.to.low || object.to.high : $Number(object.to) !== 0)
                        if ($util.Long)
                            message.to = $util.Long.fromValue(object.to, true);
                        else if (typeof object.to === "string")
                            message.to = $parseInt(object.to, 10);
                        else if (typeof object.to === "number")
                            message.to = object.to;
                        else if (typeof object.to === "object")
                            message.to = new $util.LongBits(object.to.low >>> 0, object.to.high >>> 0).toNumber(true);
                if (object.tables) {
                    if (!$Array.isArray(object.tables))
                        throw $TypeError(".twinfold.v1.Intent.tables: array expected");
                    message.tables = $Array(object.tables.length);
                    for (let i = 0; i < object.tables.length; ++i) {
                        if (!$util.isObject(object.tables[i]))
                            throw $TypeError(".twinfold.v1.Intent.tables: object expected");
                        message.tables[i] = $root.twinfold.v1.TableIntent.fromObject(object.tables[i], _depth + 1);
                    }
                }
                if (object.fromLogSeq != null)
                    if (typeof object.fromLogSeq === "object" ? object.fromLogSeq.low || object.fromLogSeq.high : $Number(object.fromLogSeq) !== 0)
                        if ($util.Long)
                            message.fromLogSeq = $util.Long.fromValue(object.fromLogSeq, true);
                        else if (typeof object.fromLogSeq === "string")
                            message.fromLogSeq = $parseInt(object.fromLogSeq, 10);
                        else if (typeof object.fromLogSeq === "number")
                            message.fromLogSeq = object.fromLogSeq;
                        else if (typeof object.fromLogSeq === "object")
                            message.fromLogSeq = new $util.LongBits(object.fromLogSeq.low >>> 0, object.fromLogSeq.high >>> 0).toNumber(true);
                if (object.toLogSeq != null)
                    if (typeof object.toLogSeq === "object" ? object.toLogSeq.low || object.toLogSeq.high : $Number(object.toLogSeq) !== 0)
                        if ($util.Long)
                            message.toLogSeq = $util.Long.fromValue(object.toLogSeq, true);
                        else if (typeof object.toLogSeq === "string")
                            message.toLogSeq = $parseInt(object.toLogSeq, 10);
                        else if (typeof object.toLogSeq === "number")
                            message.toLogSeq = object.toLogSeq;
                        else if (typeof object.toLogSeq === "object")
                            message.toLogSeq = new $util.LongBits(object.toLogSeq.low >>> 0, object.toLogSeq.high >>> 0).toNumber(true);
                return message;
            };

            Intent.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults)
                    object.tables = [];
                if (options.defaults) {
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.to = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.to = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.fromLogSeq = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.fromLogSeq = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.toLogSeq = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.toLogSeq = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                }
                if (message.to != null && $Object.hasOwnProperty.call(message, "to"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.to = typeof message.to === "number" ? $BigInt(message.to) : $util.Long.fromBits(message.to.low >>> 0, message.to.high >>> 0, true).toBigInt();
                    else if (typeof message.to === "number")
                        object.to = options.longs === $String ? $String(message.to) : message.to;
                    else
                        object.to = options.longs === $String ? $util.Long.prototype.toString.call(message.to) : options.longs === $Number ? new $util.LongBits(message.to.low >>> 0, message.to.high >>> 0).toNumber(true) : message.to;
                if (message.tables && message.tables.length) {
                    object.tables = $Array(message.tables.length);
                    for (let j = 0; j < message.tables.length; ++j)
                        object.tables[j] = $root.twinfold.v1.TableIntent.toObject(message.tables[j], options, _depth + 1);
                }
                if (message.fromLogSeq != null && $Object.hasOwnProperty.call(message, "fromLogSeq"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.fromLogSeq = typeof message.fromLogSeq === "number" ? $BigInt(message.fromLogSeq) : $util.Long.fromBits(message.fromLogSeq.low >>> 0, message.fromLogSeq.high >>> 0, true).toBigInt();
                    else if (typeof message.fromLogSeq === "number")
                        object.fromLogSeq = options.longs === $String ? $String(message.fromLogSeq) : message.fromLogSeq;
                    else
                        object.fromLogSeq = options.longs === $String ? $util.Long.prototype.toString.call(message.fromLogSeq) : options.longs === $Number ? new $util.LongBits(message.fromLogSeq.low >>> 0, message.fromLogSeq.high >>> 0).toNumber(true) : message.fromLogSeq;
                if (message.toLogSeq != null && $Object.hasOwnProperty.call(message, "toLogSeq"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.toLogSeq = typeof message.toLogSeq === "number" ? $BigInt(message.toLogSeq) : $util.Long.fromBits(message.toLogSeq.low >>> 0, message.toLogSeq.high >>> 0, true).toBigInt();
                    else if (typeof message.toLogSeq === "number")
                        object.toLogSeq = options.longs === $String ? $String(message.toLogSeq) : message.toLogSeq;
                    else
                        object.toLogSeq = options.longs === $String ? $util.Long.prototype.toString.call(message.toLogSeq) : options.longs === $Number ? new $util.LongBits(message.toLogSeq.low >>> 0, message.toLogSeq.high >>> 0).toNumber(true) : message.toLogSeq;
                return object;
            };

            Intent.prototype.toJSON = function() {
                return Intent.toObject(this, $protobuf.util.toJSONOptions);
            };

            return Intent;
        })();

        v1.SinkState = (function() {

            const SinkState = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            SinkState.prototype.hwm = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            SinkState.prototype.hwmLogSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            SinkState.prototype.intent = null;

            SinkState.create = function(properties) {
                return new SinkState(properties);
            };

            SinkState.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.hwm != null && $Object.hasOwnProperty.call(message, "hwm") && (typeof message.hwm === "object" ? message.hwm.low || message.hwm.high : message.hwm !== 0))
                    writer.uint32(8).uint64(message.hwm);
                if (message.hwmLogSeq != null && $Object.hasOwnProperty.call(message, "hwmLogSeq") && (typeof message.hwmLogSeq === "object" ? message.hwmLogSeq.low || message.hwmLogSeq.high : message.hwmLogSeq !== 0))
                    writer.uint32(16).uint64(message.hwmLogSeq);
                if (message.intent != null && $Object.hasOwnProperty.call(message, "intent"))
                    $root.twinfold.v1.Intent.encode(message.intent, writer.uint32(26).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            SinkState.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.SinkState();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.hwm = value;
                            else
                                delete message.hwm;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.hwmLogSeq = value;
                            else
                                delete message.hwmLogSeq;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.intent = $root.twinfold.v1.Intent.decode(reader, reader.size(), $undefined, _depth + 1, message.intent);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            SinkState.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.SinkState)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.SinkState: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.SinkState();
                if (object.hwm != null)
                    if (typeof object.hwm === "object" ? object.hwm.low || object.hwm.high : $Number(object.hwm) !== 0)
                        if ($util.Long)
                            message.hwm = $util.Long.fromValue(object.hwm, true);
                        else if (typeof object.hwm === "string")
                            message.hwm = $parseInt(object.hwm, 10);
                        else if (typeof object.hwm === "number")
                            message.hwm = object.hwm;
                        else if (typeof object.hwm === "object")
                            message.hwm = new $util.LongBits(object.hwm.low >>> 0, object.hwm.high >>> 0).toNumber(true);
                if (object.hwmLogSeq != null)
                    if (typeof object.hwmLogSeq === "object" ? object.hwmLogSeq.low || object.hwmLogSeq.high : $Number(object.hwmLogSeq) !== 0)
                        if ($util.Long)
                            message.hwmLogSeq = $util.Long.fromValue(object.hwmLogSeq, true);
                        else if (typeof object.hwmLogSeq === "string")
                            message.hwmLogSeq = $parseInt(object.hwmLogSeq, 10);
                        else if (typeof object.hwmLogSeq === "number")
                            message.hwmLogSeq = object.hwmLogSeq;
                        else if (typeof object.hwmLogSeq === "object")
                            message.hwmLogSeq = new $util.LongBits(object.hwmLogSeq.low >>> 0, object.hwmLogSeq.high >>> 0).toNumber(true);
                if (object.intent != null) {
                    if (!$util.isObject(object.intent))
                        throw $TypeError(".twinfold.v1.SinkState.intent: object expected");
                    message.intent = $root.twinfold.v1.Intent.fromObject(object.intent, _depth + 1);
                }
                return message;
            };

            SinkState.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.hwm = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.hwm = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.hwmLogSeq = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.hwmLogSeq = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.intent = null;
                }
                if (message.hwm != null && $Object.hasOwnProperty.call(message, "hwm"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.hwm = typeof message.hwm === "number" ? $BigInt(message.hwm) : $util.Long.fromBits(message.hwm.low >>> 0, message.hwm.high >>> 0, true).toBigInt();
                    else if (typeof message.hwm === "number")
                        object.hwm = options.longs === $String ? $String(message.hwm) : message.hwm;
                    else
                        object.hwm = options.longs === $String ? $util.Long.prototype.toString.call(message.hwm) : options.longs === $Number ? new $util.LongBits(message.hwm.low >>> 0, message.hwm.high >>> 0).toNumber(true) : message.hwm;
                if (message.hwmLogSeq != null && $Object.hasOwnProperty.call(message, "hwmLogSeq"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.hwmLogSeq = typeof message.hwmLogSeq === "number" ? $BigInt(message.hwmLogSeq) : $util.Long.fromBits(message.hwmLogSeq.low >>> 0, message.hwmLogSeq.high >>> 0, true).toBigInt();
                    else if (typeof message.hwmLogSeq === "number")
                        object.hwmLogSeq = options.longs === $String ? $String(message.hwmLogSeq) : message.hwmLogSeq;
                    else
                        object.hwmLogSeq = options.longs === $String ? $util.Long.prototype.toString.call(message.hwmLogSeq) : options.longs === $Number ? new $util.LongBits(message.hwmLogSeq.low >>> 0, message.hwmLogSeq.high >>> 0).toNumber(true) : message.hwmLogSeq;
                if (message.intent != null && $Object.hasOwnProperty.call(message, "intent"))
                    object.intent = $root.twinfold.v1.Intent.toObject(message.intent, options, _depth + 1);
                return object;
            };

            SinkState.prototype.toJSON = function() {
                return SinkState.toObject(this, $protobuf.util.toJSONOptions);
            };

            return SinkState;
        })();

        v1.Claim = (function() {

            const Claim = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Claim.prototype.node = "";
            Claim.prototype.instance = "";
            Claim.prototype.previousInstance = "";
            Claim.prototype.previousEpoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            Claim.create = function(properties) {
                return new Claim(properties);
            };

            Claim.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.node != null && $Object.hasOwnProperty.call(message, "node") && message.node !== "")
                    writer.uint32(10).string(message.node);
                if (message.instance != null && $Object.hasOwnProperty.call(message, "instance") && message.instance !== "")
                    writer.uint32(18).string(message.instance);
                if (message.previousInstance != null && $Object.hasOwnProperty.call(message, "previousInstance") && message.previousInstance !== "")
                    writer.uint32(26).string(message.previousInstance);
                if (message.previousEpoch != null && $Object.hasOwnProperty.call(message, "previousEpoch") && (typeof message.previousEpoch === "object" ? message.previousEpoch.low || message.previousEpoch.high : message.previousEpoch !== 0))
                    writer.uint32(32).uint64(message.previousEpoch);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Claim.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.Claim();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.node = value;
                            else
                                delete message.node;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.instance = value;
                            else
                                delete message.instance;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.previousInstance = value;
                            else
                                delete message.previousInstance;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.previousEpoch = value;
                            else
                                delete message.previousEpoch;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            Claim.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.Claim)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.Claim: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.Claim();
                if (object.node != null)
                    if (typeof object.node !== "string" || object.node.length)
                        message.node = $String(object.node);
                if (object.instance != null)
                    if (typeof object.instance !== "string" || object.instance.length)
                        message.instance = $String(object.instance);
                if (object.previousInstance != null)
                    if (typeof object.previousInstance !== "string" || object.previousInstance.length)
                        message.previousInstance = $String(object.previousInstance);
                if (object.previousEpoch != null)
                    if (typeof object.previousEpoch === "object" ? object.previousEpoch.low || object.previousEpoch.high : $Number(object.previousEpoch) !== 0)
                        if ($util.Long)
                            message.previousEpoch = $util.Long.fromValue(object.previousEpoch, true);
                        else if (typeof object.previousEpoch === "string")
                            message.previousEpoch = $parseInt(object.previousEpoch, 10);
                        else if (typeof object.previousEpoch === "number")
                            message.previousEpoch = object.previousEpoch;
                        else if (typeof object.previousEpoch === "object")
                            message.previousEpoch = new $util.LongBits(object.previousEpoch.low >>> 0, object.previousEpoch.high >>> 0).toNumber(true);
                return message;
            };

            Claim.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    object.node = "";
                    object.instance = "";
                    object.previousInstance = "";
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.previousEpoch = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.previousEpoch = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                }
                if (message.node != null && $Object.hasOwnProperty.call(message, "node"))
                    object.node = message.node;
                if (message.instance != null && $Object.hasOwnProperty.call(message, "instance"))
                    object.instance = message.instance;
                if (message.previousInstance != null && $Object.hasOwnProperty.call(message, "previousInstance"))
                    object.previousInstance = message.previousInstance;
                if (message.previousEpoch != null && $Object.hasOwnProperty.call(message, "previousEpoch"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.previousEpoch = typeof message.previousEpoch === "number" ? $BigInt(message.previousEpoch) : $util.Long.fromBits(message.previousEpoch.low >>> 0, message.previousEpoch.high >>> 0, true).toBigInt();
                    else if (typeof message.previousEpoch === "number")
                        object.previousEpoch = options.longs === $String ? $String(message.previousEpoch) : message.previousEpoch;
                    else
                        object.previousEpoch = options.longs === $String ? $util.Long.prototype.toString.call(message.previousEpoch) : options.longs === $Number ? new $util.LongBits(message.previousEpoch.low >>> 0, message.previousEpoch.high >>> 0).toNumber(true) : message.previousEpoch;
                return object;
            };

            Claim.prototype.toJSON = function() {
                return Claim.toObject(this, $protobuf.util.toJSONOptions);
            };

            return Claim;
        })();

        v1.Repair = (function() {

            const Repair = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Repair.prototype.keptSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Repair.prototype.resumedSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Repair.prototype.what = "";

            Repair.create = function(properties) {
                return new Repair(properties);
            };

            Repair.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.keptSeq != null && $Object.hasOwnProperty.call(message, "keptSeq") && (typeof message.keptSeq === "object" ? message.keptSeq.low || message.keptSeq.high : message.keptSeq !== 0))
                    writer.uint32(8).uint64(message.keptSeq);
                if (message.resumedSeq != null && $Object.hasOwnProperty.call(message, "resumedSeq") && (typeof message.resumedSeq === "object" ? message.resumedSeq.low || message.resumedSeq.high : message.resumedSeq !== 0))
                    writer.uint32(16).uint64(message.resumedSeq);
                if (message.what != null && $Object.hasOwnProperty.call(message, "what") && message.what !== "")
                    writer.uint32(26).string(message.what);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Repair.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.Repair();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.keptSeq = value;
                            else
                                delete message.keptSeq;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.resumedSeq = value;
                            else
                                delete message.resumedSeq;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.what = value;
                            else
                                delete message.what;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            Repair.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.Repair)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.Repair: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.Repair();
                if (object.keptSeq != null)
                    if (typeof object.keptSeq === "object" ? object.keptSeq.low || object.keptSeq.high : $Number(object.keptSeq) !== 0)
                        if ($util.Long)
                            message.keptSeq = $util.Long.fromValue(object.keptSeq, true);
                        else if (typeof object.keptSeq === "string")
                            message.keptSeq = $parseInt(object.keptSeq, 10);
                        else if (typeof object.keptSeq === "number")
                            message.keptSeq = object.keptSeq;
                        else if (typeof object.keptSeq === "object")
                            message.keptSeq = new $util.LongBits(object.keptSeq.low >>> 0, object.keptSeq.high >>> 0).toNumber(true);
                if (object.resumedSeq != null)
                    if (typeof object.resumedSeq === "object" ? object.resumedSeq.low || object.resumedSeq.high : $Number(object.resumedSeq) !== 0)
                        if ($util.Long)
                            message.resumedSeq = $util.Long.fromValue(object.resumedSeq, true);
                        else if (typeof object.resumedSeq === "string")
                            message.resumedSeq = $parseInt(object.resumedSeq, 10);
                        else if (typeof object.resumedSeq === "number")
                            message.resumedSeq = object.resumedSeq;
                        else if (typeof object.resumedSeq === "object")
                            message.resumedSeq = new $util.LongBits(object.resumedSeq.low >>> 0, object.resumedSeq.high >>> 0).toNumber(true);
                if (object.what != null)
                    if (typeof object.what !== "string" || object.what.length)
                        message.what = $String(object.what);
                return message;
            };

            Repair.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.keptSeq = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.keptSeq = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.resumedSeq = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.resumedSeq = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.what = "";
                }
                if (message.keptSeq != null && $Object.hasOwnProperty.call(message, "keptSeq"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.keptSeq = typeof message.keptSeq === "number" ? $BigInt(message.keptSeq) : $util.Long.fromBits(message.keptSeq.low >>> 0, message.keptSeq.high >>> 0, true).toBigInt();
                    else if (typeof message.keptSeq === "number")
                        object.keptSeq = options.longs === $String ? $String(message.keptSeq) : message.keptSeq;
                    else
                        object.keptSeq = options.longs === $String ? $util.Long.prototype.toString.call(message.keptSeq) : options.longs === $Number ? new $util.LongBits(message.keptSeq.low >>> 0, message.keptSeq.high >>> 0).toNumber(true) : message.keptSeq;
                if (message.resumedSeq != null && $Object.hasOwnProperty.call(message, "resumedSeq"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.resumedSeq = typeof message.resumedSeq === "number" ? $BigInt(message.resumedSeq) : $util.Long.fromBits(message.resumedSeq.low >>> 0, message.resumedSeq.high >>> 0, true).toBigInt();
                    else if (typeof message.resumedSeq === "number")
                        object.resumedSeq = options.longs === $String ? $String(message.resumedSeq) : message.resumedSeq;
                    else
                        object.resumedSeq = options.longs === $String ? $util.Long.prototype.toString.call(message.resumedSeq) : options.longs === $Number ? new $util.LongBits(message.resumedSeq.low >>> 0, message.resumedSeq.high >>> 0).toNumber(true) : message.resumedSeq;
                if (message.what != null && $Object.hasOwnProperty.call(message, "what"))
                    object.what = message.what;
                return object;
            };

            Repair.prototype.toJSON = function() {
                return Repair.toObject(this, $protobuf.util.toJSONOptions);
            };

            return Repair;
        })();

        v1.ControlRecord = (function() {

            const ControlRecord = function (properties) {
                this.decisions = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            ControlRecord.prototype.kind = 0;
            ControlRecord.prototype.epoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            ControlRecord.prototype.foldVersion = 0;
            ControlRecord.prototype.fromSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            ControlRecord.prototype.toSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            ControlRecord.prototype.last = null;
            ControlRecord.prototype.logMsBefore = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            ControlRecord.prototype.logMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            ControlRecord.prototype.exceptions = null;
            ControlRecord.prototype.decisions = $util.emptyArray;
            ControlRecord.prototype.outboxDone = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            ControlRecord.prototype.sink = null;
            ControlRecord.prototype.claim = null;
            ControlRecord.prototype.repair = null;
            ControlRecord.prototype.events = 0;
            ControlRecord.prototype.rows = 0;

            ControlRecord.create = function(properties) {
                return new ControlRecord(properties);
            };

            ControlRecord.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== 0)
                    writer.uint32(8).int32(message.kind);
                if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && (typeof message.epoch === "object" ? message.epoch.low || message.epoch.high : message.epoch !== 0))
                    writer.uint32(16).uint64(message.epoch);
                if (message.foldVersion != null && $Object.hasOwnProperty.call(message, "foldVersion") && message.foldVersion !== 0)
                    writer.uint32(24).uint32(message.foldVersion);
                if (message.fromSeq != null && $Object.hasOwnProperty.call(message, "fromSeq") && (typeof message.fromSeq === "object" ? message.fromSeq.low || message.fromSeq.high : message.fromSeq !== 0))
                    writer.uint32(32).uint64(message.fromSeq);
                if (message.toSeq != null && $Object.hasOwnProperty.call(message, "toSeq") && (typeof message.toSeq === "object" ? message.toSeq.low || message.toSeq.high : message.toSeq !== 0))
                    writer.uint32(40).uint64(message.toSeq);
                if (message.last != null && $Object.hasOwnProperty.call(message, "last"))
                    $root.twinfold.v1.CoveredMessage.encode(message.last, writer.uint32(50).fork(), _depth + 1).ldelim();
                if (message.logMsBefore != null && $Object.hasOwnProperty.call(message, "logMsBefore") && (typeof message.logMsBefore === "object" ? message.logMsBefore.low || message.logMsBefore.high : message.logMsBefore !== 0))
                    writer.uint32(56).uint64(message.logMsBefore);
                if (message.logMs != null && $Object.hasOwnProperty.call(message, "logMs") && (typeof message.logMs === "object" ? message.logMs.low || message.logMs.high : message.logMs !== 0))
                    writer.uint32(64).uint64(message.logMs);
                if (message.exceptions != null && $Object.hasOwnProperty.call(message, "exceptions"))
                    $root.twinfold.v1.OutcomeRuns.encode(message.exceptions, writer.uint32(74).fork(), _depth + 1).ldelim();
                if (message.decisions != null && message.decisions.length)
                    for (let i = 0; i < message.decisions.length; ++i)
                        $root.twinfold.v1.Decision.encode(message.decisions[i], writer.uint32(82).fork(), _depth + 1).ldelim();
                if (message.outboxDone != null && $Object.hasOwnProperty.call(message, "outboxDone") && (typeof message.outboxDone === "object" ? message.outboxDone.low || message.outboxDone.high : message.outboxDone !== 0))
                    writer.uint32(88).uint64(message.outboxDone);
                if (message.sink != null && $Object.hasOwnProperty.call(message, "sink"))
                    $root.twinfold.v1.SinkState.encode(message.sink, writer.uint32(98).fork(), _depth + 1).ldelim();
                if (message.claim != null && $Object.hasOwnProperty.call(message, "claim"))
                    $root.twinfold.v1.Claim.encode(message.claim, writer.uint32(106).fork(), _depth + 1).ldelim();
                if (message.repair != null && $Object.hasOwnProperty.call(message, "repair"))
                    $root.twinfold.v1.Repair.encode(message.repair, writer.uint32(114).fork(), _depth + 1).ldelim();
                if (message.events != null && $Object.hasOwnProperty.call(message, "events") && message.events !== 0)
                    writer.uint32(120).uint32(message.events);
                if (message.rows != null && $Object.hasOwnProperty.call(message, "rows") && message.rows !== 0)
                    writer.uint32(128).uint32(message.rows);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            ControlRecord.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.ControlRecord();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.kind = value;
                            else
                                delete message.kind;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.epoch = value;
                            else
                                delete message.epoch;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.foldVersion = value;
                            else
                                delete message.foldVersion;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.fromSeq = value;
                            else
                                delete message.fromSeq;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.toSeq = value;
                            else
                                delete message.toSeq;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.last = $root.twinfold.v1.CoveredMessage.decode(reader, reader.size(), $undefined, _depth + 1, message.last);
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.logMsBefore = value;
                            else
                                delete message.logMsBefore;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.logMs = value;
                            else
                                delete message.logMs;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            message.exceptions = $root.twinfold.v1.OutcomeRuns.decode(reader, reader.size(), $undefined, _depth + 1, message.exceptions);
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            if (!(message.decisions && message.decisions.length))
                                message.decisions = [];
                            message.decisions.push($root.twinfold.v1.Decision.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 11: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.outboxDone = value;
                            else
                                delete message.outboxDone;
                            continue;
                        }
                    case 12: {
                            if (wireType !== 2)
                                break;
                            message.sink = $root.twinfold.v1.SinkState.decode(reader, reader.size(), $undefined, _depth + 1, message.sink);
                            continue;
                        }
                    case 13: {
                            if (wireType !== 2)
                                break;
                            message.claim = $root.twinfold.v1.Claim.decode(reader, reader.size(), $undefined, _depth + 1, message.claim);
                            continue;
                        }
                    case 14: {
                            if (wireType !== 2)
                                break;
                            message.repair = $root.twinfold.v1.Repair.decode(reader, reader.size(), $undefined, _depth + 1, message.repair);
                            continue;
                        }
                    case 15: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.events = value;
                            else
                                delete message.events;
                            continue;
                        }
                    case 16: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.rows = value;
                            else
                                delete message.rows;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            ControlRecord.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.ControlRecord)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.ControlRecord: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.ControlRecord();
                if (object.kind !== 0 && (typeof object.kind !== "string" || $root.twinfold.v1.RecordKind[object.kind] !== 0))
                    switch (object.kind) {
                    case "RECORD_KIND_FOLD":
                    case 0:
                        message.kind = 0;
                        break;
                    case "RECORD_KIND_CLAIM":
                    case 1:
                        message.kind = 1;
                        break;
                    case "RECORD_KIND_REPAIR":
                    case 2:
                        message.kind = 2;
                        break;
                    default:
                        if (typeof object.kind === "number" && (object.kind | 0) === object.kind)
                            message.kind = object.kind;
                    }
                if (object.epoch != null)
                    if (typeof object.epoch === "object" ? object.epoch.low || object.epoch.high : $Number(object.epoch) !== 0)
                        if ($util.Long)
                            message.epoch = $util.Long.fromValue(object.epoch, true);
                        else if (typeof object.epoch === "string")
                            message.epoch = $parseInt(object.epoch, 10);
                        else if (typeof object.epoch === "number")
                            message.epoch = object.epoch;
                        else if (typeof object.epoch === "object")
                            message.epoch = new $util.LongBits(object.epoch.low >>> 0, object.epoch.high >>> 0).toNumber(true);
                if (object.foldVersion != null)
                    if ($Number(object.foldVersion) !== 0)
                        message.foldVersion = object.foldVersion >>> 0;
                if (object.fromSeq != null)
                    if (typeof object.fromSeq === "object" ? object.fromSeq.low || object.fromSeq.high : $Number(object.fromSeq) !== 0)
                        if ($util.Long)
                            message.fromSeq = $util.Long.fromValue(object.fromSeq, true);
                        else if (typeof object.fromSeq === "string")
                            message.fromSeq = $parseInt(object.fromSeq, 10);
                        else if (typeof object.fromSeq === "number")
                            message.fromSeq = object.fromSeq;
                        else if (typeof object.fromSeq === "object")
                            message.fromSeq = new $util.LongBits(object.fromSeq.low >>> 0, object.fromSeq.high >>> 0).toNumber(true);
                if (object.toSeq != null)
                    if (typeof object.toSeq === "object" ? object.toSeq.low || object.toSeq.high : $Number(object.toSeq) !== 0)
                        if ($util.Long)
                            message.toSeq = $util.Long.fromValue(object.toSeq, true);
                        else if (typeof object.toSeq === "string")
                            message.toSeq = $parseInt(object.toSeq, 10);
                        else if (typeof object.toSeq === "number")
                            message.toSeq = object.toSeq;
                        else if (typeof object.toSeq === "object")
                            message.toSeq = new $util.LongBits(object.toSeq.low >>> 0, object.toSeq.high >>> 0).toNumber(true);
                if (object.last != null) {
                    if (!$util.isObject(object.last))
                        throw $TypeError(".twinfold.v1.ControlRecord.last: object expected");
                    message.last = $root.twinfold.v1.CoveredMessage.fromObject(object.last, _depth + 1);
                }
                if (object.logMsBefore != null)
                    if (typeof object.logMsBefore === "object" ? object.logMsBefore.low || object.logMsBefore.high : $Number(object.logMsBefore) !== 0)
                        if ($util.Long)
                            message.logMsBefore = $util.Long.fromValue(object.logMsBefore, true);
                        else if (typeof object.logMsBefore === "string")
                            message.logMsBefore = $parseInt(object.logMsBefore, 10);
                        else if (typeof object.logMsBefore === "number")
                            message.logMsBefore = object.logMsBefore;
                        else if (typeof object.logMsBefore === "object")
                            message.logMsBefore = new $util.LongBits(object.logMsBefore.low >>> 0, object.logMsBefore.high >>> 0).toNumber(true);
                if (object.logMs != null)
                    if (typeof object.logMs === "object" ? object.logMs.low || object.logMs.high : $Number(object.logMs) !== 0)
                        if ($util.Long)
                            message.logMs = $util.Long.fromValue(object.logMs, true);
                        else if (typeof object.logMs === "string")
                            message.logMs = $parseInt(object.logMs, 10);
                        else if (typeof object.logMs === "number")
                            message.logMs = object.logMs;
                        else if (typeof object.logMs === "object")
                            message.logMs = new $util.LongBits(object.logMs.low >>> 0, object.logMs.high >>> 0).toNumber(true);
                if (object.exceptions != null) {
                    if (!$util.isObject(object.exceptions))
                        throw $TypeError(".twinfold.v1.ControlRecord.exceptions: object expected");
                    message.exceptions = $root.twinfold.v1.OutcomeRuns.fromObject(object.exceptions, _depth + 1);
                }
                if (object.decisions) {
                    if (!$Array.isArray(object.decisions))
                        throw $TypeError(".twinfold.v1.ControlRecord.decisions: array expected");
                    message.decisions = $Array(object.decisions.length);
                    for (let i = 0; i < object.decisions.length; ++i) {
                        if (!$util.isObject(object.decisions[i]))
                            throw $TypeError(".twinfold.v1.ControlRecord.decisions: object expected");
                        message.decisions[i] = $root.twinfold.v1.Decision.fromObject(object.decisions[i], _depth + 1);
                    }
                }
                if (object.outboxDone != null)
                    if (typeof object.outboxDone === "object" ? object.outboxDone.low || object.outboxDone.high : $Number(object.outboxDone) !== 0)
                        if ($util.Long)
                            message.outboxDone = $util.Long.fromValue(object.outboxDone, true);
                        else if (typeof object.outboxDone === "string")
                            message.outboxDone = $parseInt(object.outboxDone, 10);
                        else if (typeof object.outboxDone === "number")
                            message.outboxDone = object.outboxDone;
                        else if (typeof object.outboxDone === "object")
                            message.outboxDone = new $util.LongBits(object.outboxDone.low >>> 0, object.outboxDone.high >>> 0).toNumber(true);
                if (object.sink != null) {
                    if (!$util.isObject(object.sink))
                        throw $TypeError(".twinfold.v1.ControlRecord.sink: object expected");
                    message.sink = $root.twinfold.v1.SinkState.fromObject(object.sink, _depth + 1);
                }
                if (object.claim != null) {
                    if (!$util.isObject(object.claim))
                        throw $TypeError(".twinfold.v1.ControlRecord.claim: object expected");
                    message.claim = $root.twinfold.v1.Claim.fromObject(object.claim, _depth + 1);
                }
                if (object.repair != null) {
                    if (!$util.isObject(object.repair))
                        throw $TypeError(".twinfold.v1.ControlRecord.repair: object expected");
                    message.repair = $root.twinfold.v1.Repair.fromObject(object.repair, _depth + 1);
                }
                if (object.events != null)
                    if ($Number(object.events) !== 0)
                        message.events = object.events >>> 0;
                if (object.rows != null)
                    if ($Number(object.rows) !== 0)
                        message.rows = object.rows >>> 0;
                return message;
            };

            ControlRecord.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults)
                    object.decisions = [];
                if (options.defaults) {
                    object.kind = options.enums === $String ? "RECORD_KIND_FOLD" : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.epoch = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.epoch = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.foldVersion = 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.fromSeq = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.fromSeq = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.toSeq = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.toSeq = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.last = null;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.logMsBefore = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.logMsBefore = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.logMs = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.logMs = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.exceptions = null;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.outboxDone = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.outboxDone = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.sink = null;
                    object.claim = null;
                    object.repair = null;
                    object.events = 0;
                    object.rows = 0;
                }
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind"))
                    object.kind = options.enums === $String ? $root.twinfold.v1.RecordKind[message.kind] === $undefined ? message.kind : $root.twinfold.v1.RecordKind[message.kind] : message.kind;
                if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.epoch = typeof message.epoch === "number" ? $BigInt(message.epoch) : $util.Long.fromBits(message.epoch.low >>> 0, message.epoch.high >>> 0, true).toBigInt();
                    else if (typeof message.epoch === "number")
                        object.epoch = options.longs === $String ? $String(message.epoch) : message.epoch;
                    else
                        object.epoch = options.longs === $String ? $util.Long.prototype.toString.call(message.epoch) : options.longs === $Number ? new $util.LongBits(message.epoch.low >>> 0, message.epoch.high >>> 0).toNumber(true) : message.epoch;
                if (message.foldVersion != null && $Object.hasOwnProperty.call(message, "foldVersion"))
                    object.foldVersion = message.foldVersion;
                if (message.fromSeq != null && $Object.hasOwnProperty.call(message, "fromSeq"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.fromSeq = typeof message.fromSeq === "number" ? $BigInt(message.fromSeq) : $util.Long.fromBits(message.fromSeq.low >>> 0, message.fromSeq.high >>> 0, true).toBigInt();
                    else if (typeof message.fromSeq === "number")
                        object.fromSeq = options.longs === $String ? $String(message.fromSeq) : message.fromSeq;
                    else
                        object.fromSeq = options.longs === $String ? $util.Long.prototype.toString.call(message.fromSeq) : options.longs === $Number ? new $util.LongBits(message.fromSeq.low >>> 0, message.fromSeq.high >>> 0).toNumber(true) : message.fromSeq;
                if (message.toSeq != null && $Object.hasOwnProperty.call(message, "toSeq"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.toSeq = typeof message.toSeq === "number" ? $BigInt(message.toSeq) : $util.Long.fromBits(message.toSeq.low >>> 0, message.toSeq.high >>> 0, true).toBigInt();
                    else if (typeof message.toSeq === "number")
                        object.toSeq = options.longs === $String ? $String(message.toSeq) : message.toSeq;
                    else
                        object.toSeq = options.longs === $String ? $util.Long.prototype.toString.call(message.toSeq) : options.longs === $Number ? new $util.LongBits(message.toSeq.low >>> 0, message.toSeq.high >>> 0).toNumber(true) : message.toSeq;
                if (message.last != null && $Object.hasOwnProperty.call(message, "last"))
                    object.last = $root.twinfold.v1.CoveredMessage.toObject(message.last, options, _depth + 1);
                if (message.logMsBefore != null && $Object.hasOwnProperty.call(message, "logMsBefore"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.logMsBefore = typeof message.logMsBefore === "number" ? $BigInt(message.logMsBefore) : $util.Long.fromBits(message.logMsBefore.low >>> 0, message.logMsBefore.high >>> 0, true).toBigInt();
                    else if (typeof message.logMsBefore === "number")
                        object.logMsBefore = options.longs === $String ? $String(message.logMsBefore) : message.logMsBefore;
                    else
                        object.logMsBefore = options.longs === $String ? $util.Long.prototype.toString.call(message.logMsBefore) : options.longs === $Number ? new $util.LongBits(message.logMsBefore.low >>> 0, message.logMsBefore.high >>> 0).toNumber(true) : message.logMsBefore;
                if (message.logMs != null && $Object.hasOwnProperty.call(message, "logMs"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.logMs = typeof message.logMs === "number" ? $BigInt(message.logMs) : $util.Long.fromBits(message.logMs.low >>> 0, message.logMs.high >>> 0, true).toBigInt();
                    else if (typeof message.logMs === "number")
                        object.logMs = options.longs === $String ? $String(message.logMs) : message.logMs;
                    else
                        object.logMs = options.longs === $String ? $util.Long.prototype.toString.call(message.logMs) : options.longs === $Number ? new $util.LongBits(message.logMs.low >>> 0, message.logMs.high >>> 0).toNumber(true) : message.logMs;
                if (message.exceptions != null && $Object.hasOwnProperty.call(message, "exceptions"))
                    object.exceptions = $root.twinfold.v1.OutcomeRuns.toObject(message.exceptions, options, _depth + 1);
                if (message.decisions && message.decisions.length) {
                    object.decisions = $Array(message.decisions.length);
                    for (let j = 0; j < message.decisions.length; ++j)
                        object.decisions[j] = $root.twinfold.v1.Decision.toObject(message.decisions[j], options, _depth + 1);
                }
                if (message.outboxDone != null && $Object.hasOwnProperty.call(message, "outboxDone"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.outboxDone = typeof message.outboxDone === "number" ? $BigInt(message.outboxDone) : $util.Long.fromBits(message.outboxDone.low >>> 0, message.outboxDone.high >>> 0, true).toBigInt();
                    else if (typeof message.outboxDone === "number")
                        object.outboxDone = options.longs === $String ? $String(message.outboxDone) : message.outboxDone;
                    else
                        object.outboxDone = options.longs === $String ? $util.Long.prototype.toString.call(message.outboxDone) : options.longs === $Number ? new $util.LongBits(message.outboxDone.low >>> 0, message.outboxDone.high >>> 0).toNumber(true) : message.outboxDone;
                if (message.sink != null && $Object.hasOwnProperty.call(message, "sink"))
                    object.sink = $root.twinfold.v1.SinkState.toObject(message.sink, options, _depth + 1);
                if (message.claim != null && $Object.hasOwnProperty.call(message, "claim"))
                    object.claim = $root.twinfold.v1.Claim.toObject(message.claim, options, _depth + 1);
                if (message.repair != null && $Object.hasOwnProperty.call(message, "repair"))
                    object.repair = $root.twinfold.v1.Repair.toObject(message.repair, options, _depth + 1);
                if (message.events != null && $Object.hasOwnProperty.call(message, "events"))
                    object.events = message.events;
                if (message.rows != null && $Object.hasOwnProperty.call(message, "rows"))
                    object.rows = message.rows;
                return object;
            };

            ControlRecord.prototype.toJSON = function() {
                return ControlRecord.toObject(this, $protobuf.util.toJSONOptions);
            };

            return ControlRecord;
        })();

        v1.Leaf = (function() {

            const Leaf = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Leaf.prototype.name = 0;
            Leaf.prototype.number = null;
            Leaf.prototype.boolean = null;
            Leaf.prototype.text = null;
            Leaf.prototype.integer = null;
            Leaf.prototype.digits = null;
            Leaf.prototype.eventMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Leaf.prototype.seq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Leaf.prototype.index = 0;
            Leaf.prototype.item = 0;

            let $oneOfFields;

            $Object.defineProperty(Leaf.prototype, "value", {
                get: $util.oneOfGetter($oneOfFields = ["number", "boolean", "text", "integer", "digits"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Leaf.create = function(properties) {
                return new Leaf(properties);
            };

            Leaf.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.name != null && $Object.hasOwnProperty.call(message, "name") && message.name !== 0)
                    writer.uint32(8).uint32(message.name);
                if (message.number != null && $Object.hasOwnProperty.call(message, "number"))
                    writer.uint32(17).double(message.number);
                if (message.boolean != null && $Object.hasOwnProperty.call(message, "boolean"))
                    writer.uint32(24).bool(message.boolean);
                if (message.text != null && $Object.hasOwnProperty.call(message, "text"))
                    writer.uint32(34).string(message.text);
                if (message.integer != null && $Object.hasOwnProperty.call(message, "integer"))
                    writer.uint32(40).sint64(message.integer);
                if (message.eventMs != null && $Object.hasOwnProperty.call(message, "eventMs") && (typeof message.eventMs === "object" ? message.eventMs.low || message.eventMs.high : message.eventMs !== 0))
                    writer.uint32(48).uint64(message.eventMs);
                if (message.seq != null && $Object.hasOwnProperty.call(message, "seq") && (typeof message.seq === "object" ? message.seq.low || message.seq.high : message.seq !== 0))
                    writer.uint32(56).uint64(message.seq);
                if (message.index != null && $Object.hasOwnProperty.call(message, "index") && message.index !== 0)
                    writer.uint32(64).uint32(message.index);
                if (message.item != null && $Object.hasOwnProperty.call(message, "item") && message.item !== 0)
                    writer.uint32(72).uint32(message.item);
                if (message.digits != null && $Object.hasOwnProperty.call(message, "digits"))
                    writer.uint32(82).string(message.digits);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Leaf.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.Leaf();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.name = value;
                            else
                                delete message.name;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 1)
                                break;
                            message.number = reader.double();
                            message.value = "number";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            message.boolean = reader.bool();
                            message.value = "boolean";
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.text = reader.stringVerify();
                            message.value = "text";
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            message.integer = reader.sint64();
                            message.value = "integer";
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            message.digits = reader.stringVerify();
                            message.value = "digits";
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.eventMs = value;
                            else
                                delete message.eventMs;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.seq = value;
                            else
                                delete message.seq;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.index = value;
                            else
                                delete message.index;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.item = value;
                            else
                                delete message.item;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            Leaf.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.Leaf)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.Leaf: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.Leaf();
                if (object.name != null)
                    if ($Number(object.name) !== 0)
                        message.name = object.name >>> 0;
                if (object.number != null)
                    message.number = $Number(object.number);
                if (object.boolean != null)
                    message.boolean = $Boolean(object.boolean);
                if (object.text != null)
                    message.text = $String(object.text);
                if (object.integer != null)
                    if ($util.Long)
                        message.integer = $util.Long.fromValue(object.integer, false);
                    else if (typeof object.integer === "string")
                        message.integer = $parseInt(object.integer, 10);
                    else if (typeof object.integer === "number")
                        message.integer = object.integer;
                    else if (typeof object.integer === "object")
                        message.integer = new $util.LongBits(object.integer.low >>> 0, object.integer.high >>> 0).toNumber();
                if (object.digits != null)
                    message.digits = $String(object.digits);
                if (object.eventMs != null)
                    if (typeof object.eventMs === "object" ? object.eventMs.low || object.eventMs.high : $Number(object.eventMs) !== 0)
                        if ($util.Long)
                            message.eventMs = $util.Long.fromValue(object.eventMs, true);
                        else if (typeof object.eventMs === "string")
                            message.eventMs = $parseInt(object.eventMs, 10);
                        else if (typeof object.eventMs === "number")
                            message.eventMs = object.eventMs;
                        else if (typeof object.eventMs === "object")
                            message.eventMs = new $util.LongBits(object.eventMs.low >>> 0, object.eventMs.high >>> 0).toNumber(true);
                if (object.seq != null)
                    if (typeof object.seq === "object" ? object.seq.low || object.seq.high : $Number(object.seq) !== 0)
                        if ($util.Long)
                            message.seq = $util.Long.fromValue(object.seq, true);
                        else if (typeof object.seq === "string")
                            message.seq = $parseInt(object.seq, 10);
                        else if (typeof object.seq === "number")
                            message.seq = object.seq;
                        else if (typeof object.seq === "object")
                            message.seq = new $util.LongBits(object.seq.low >>> 0, object.seq.high >>> 0).toNumber(true);
                if (object.index != null)
                    if ($Number(object.index) !== 0)
                        message.index = object.index >>> 0;
                if (object.item != null)
                    if ($Number(object.item) !== 0)
                        message.item = object.item >>> 0;
                return message;
            };

            Leaf.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    object.name = 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.eventMs = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.eventMs = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.seq = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.seq = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.index = 0;
                    object.item = 0;
                }
                if (message.name != null && $Object.hasOwnProperty.call(message, "name"))
                    object.name = message.name;
                if (message.number != null && $Object.hasOwnProperty.call(message, "number")) {
                    object.number = options.json && !$isFinite(message.number) ? $String(message.number) : message.number;
                    if (options.oneofs)
                        object.value = "number";
                }
                if (message.boolean != null && $Object.hasOwnProperty.call(message, "boolean")) {
                    object.boolean = message.boolean;
                    if (options.oneofs)
                        object.value = "boolean";
                }
                if (message.text != null && $Object.hasOwnProperty.call(message, "text")) {
                    object.text = message.text;
                    if (options.oneofs)
                        object.value = "text";
                }
                if (message.integer != null && $Object.hasOwnProperty.call(message, "integer")) {
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.integer = typeof message.integer === "number" ? $BigInt(message.integer) : $util.Long.fromBits(message.integer.low >>> 0, message.integer.high >>> 0, false).toBigInt();
                    else if (typeof message.integer === "number")
                        object.integer = options.longs === $String ? $String(message.integer) : message.integer;
                    else
                        object.integer = options.longs === $String ? $util.Long.prototype.toString.call(message.integer) : options.longs === $Number ? new $util.LongBits(message.integer.low >>> 0, message.integer.high >>> 0).toNumber() : message.integer;
                    if (options.oneofs)
                        object.value = "integer";
                }
                if (message.eventMs != null && $Object.hasOwnProperty.call(message, "eventMs"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.eventMs = typeof message.eventMs === "number" ? $BigInt(message.eventMs) : $util.Long.fromBits(message.eventMs.low >>> 0, message.eventMs.high >>> 0, true).toBigInt();
                    else if (typeof message.eventMs === "number")
                        object.eventMs = options.longs === $String ? $String(message.eventMs) : message.eventMs;
                    else
                        object.eventMs = options.longs === $String ? $util.Long.prototype.toString.call(message.eventMs) : options.longs === $Number ? new $util.LongBits(message.eventMs.low >>> 0, message.eventMs.high >>> 0).toNumber(true) : message.eventMs;
                if (message.seq != null && $Object.hasOwnProperty.call(message, "seq"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.seq = typeof message.seq === "number" ? $BigInt(message.seq) : $util.Long.fromBits(message.seq.low >>> 0, message.seq.high >>> 0, true).toBigInt();
                    else if (typeof message.seq === "number")
                        object.seq = options.longs === $String ? $String(message.seq) : message.seq;
                    else
                        object.seq = options.longs === $String ? $util.Long.prototype.toString.call(message.seq) : options.longs === $Number ? new $util.LongBits(message.seq.low >>> 0, message.seq.high >>> 0).toNumber(true) : message.seq;
                if (message.index != null && $Object.hasOwnProperty.call(message, "index"))
                    object.index = message.index;
                if (message.item != null && $Object.hasOwnProperty.call(message, "item"))
                    object.item = message.item;
                if (message.digits != null && $Object.hasOwnProperty.call(message, "digits")) {
                    object.digits = message.digits;
                    if (options.oneofs)
                        object.value = "digits";
                }
                return object;
            };

            Leaf.prototype.toJSON = function() {
                return Leaf.toObject(this, $protobuf.util.toJSONOptions);
            };

            return Leaf;
        })();

        v1.BootWindow = (function() {

            const BootWindow = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            BootWindow.prototype.bootId = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            BootWindow.prototype.highest = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            BootWindow.prototype.window = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            BootWindow.create = function(properties) {
                return new BootWindow(properties);
            };

            BootWindow.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.bootId != null && $Object.hasOwnProperty.call(message, "bootId") && (typeof message.bootId === "object" ? message.bootId.low || message.bootId.high : message.bootId !== 0))
                    writer.uint32(8).uint64(message.bootId);
                if (message.highest != null && $Object.hasOwnProperty.call(message, "highest") && (typeof message.highest === "object" ? message.highest.low || message.highest.high : message.highest !== 0))
                    writer.uint32(16).uint64(message.highest);
                if (message.window != null && $Object.hasOwnProperty.call(message, "window") && (typeof message.window === "object" ? message.window.low || message.window.high : message.window !== 0))
                    writer.uint32(25).fixed64(message.window);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            BootWindow.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.BootWindow();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.bootId = value;
                            else
                                delete message.bootId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.highest = value;
                            else
                                delete message.highest;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 1)
                                break;
                            if (typeof (value = reader.fixed64()) === "object" ? value.low || value.high : value !== 0)
                                message.window = value;
                            else
                                delete message.window;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            BootWindow.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.BootWindow)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.BootWindow: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.BootWindow();
                if (object.bootId != null)
                    if (typeof object.bootId === "object" ? object.bootId.low || object.bootId.high : $Number(object.bootId) !== 0)
                        if ($util.Long)
                            message.bootId = $util.Long.fromValue(object.bootId, true);
                        else if (typeof object.bootId === "string")
                            message.bootId = $parseInt(object.bootId, 10);
                        else if (typeof object.bootId === "number")
                            message.bootId = object.bootId;
                        else if (typeof object.bootId === "object")
                            message.bootId = new $util.LongBits(object.bootId.low >>> 0, object.bootId.high >>> 0).toNumber(true);
                if (object.highest != null)
                    if (typeof object.highest === "object" ? object.highest.low || object.highest.high : $Number(object.highest) !== 0)
                        if ($util.Long)
                            message.highest = $util.Long.fromValue(object.highest, true);
                        else if (typeof object.highest === "string")
                            message.highest = $parseInt(object.highest, 10);
                        else if (typeof object.highest === "number")
                            message.highest = object.highest;
                        else if (typeof object.highest === "object")
                            message.highest = new $util.LongBits(object.highest.low >>> 0, object.highest.high >>> 0).toNumber(true);
                if (object.window != null)
                    if (typeof object.window === "object" ? object.window.low || object.window.high : $Number(object.window) !== 0)
                        if ($util.Long)
                            message.window = $util.Long.fromValue(object.window, true);
                        else if (typeof object.window === "string")
                            message.window = $parseInt(object.window, 10);
                        else if (typeof object.window === "number")
                            message.window = object.window;
                        else if (typeof object.window === "object")
                            message.window = new $util.LongBits(object.window.low >>> 0, object.window.high >>> 0).toNumber(true);
                return message;
            };

            BootWindow.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.bootId = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.bootId = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.highest = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.highest = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.window = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.window = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                }
                if (message.bootId != null && $Object.hasOwnProperty.call(message, "bootId"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.bootId = typeof message.bootId === "number" ? $BigInt(message.bootId) : $util.Long.fromBits(message.bootId.low >>> 0, message.bootId.high >>> 0, true).toBigInt();
                    else if (typeof message.bootId === "number")
                        object.bootId = options.longs === $String ? $String(message.bootId) : message.bootId;
                    else
                        object.bootId = options.longs === $String ? $util.Long.prototype.toString.call(message.bootId) : options.longs === $Number ? new $util.LongBits(message.bootId.low >>> 0, message.bootId.high >>> 0).toNumber(true) : message.bootId;
                if (message.highest != null && $Object.hasOwnProperty.call(message, "highest"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.highest = typeof message.highest === "number" ? $BigInt(message.highest) : $util.Long.fromBits(message.highest.low >>> 0, message.highest.high >>> 0, true).toBigInt();
                    else if (typeof message.highest === "number")
                        object.highest = options.longs === $String ? $String(message.highest) : message.highest;
                    else
                        object.highest = options.longs === $String ? $util.Long.prototype.toString.call(message.highest) : options.longs === $Number ? new $util.LongBits(message.highest.low >>> 0, message.highest.high >>> 0).toNumber(true) : message.highest;
                if (message.window != null && $Object.hasOwnProperty.call(message, "window"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.window = typeof message.window === "number" ? $BigInt(message.window) : $util.Long.fromBits(message.window.low >>> 0, message.window.high >>> 0, true).toBigInt();
                    else if (typeof message.window === "number")
                        object.window = options.longs === $String ? $String(message.window) : message.window;
                    else
                        object.window = options.longs === $String ? $util.Long.prototype.toString.call(message.window) : options.longs === $Number ? new $util.LongBits(message.window.low >>> 0, message.window.high >>> 0).toNumber(true) : message.window;
                return object;
            };

            BootWindow.prototype.toJSON = function() {
                return BootWindow.toObject(this, $protobuf.util.toJSONOptions);
            };

            return BootWindow;
        })();

        v1.TwinSection = (function() {

            const TwinSection = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            TwinSection.prototype.section = "";
            TwinSection.prototype.document = "";
            TwinSection.prototype.version = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            TwinSection.prototype.body = $util.newBuffer([]);

            TwinSection.create = function(properties) {
                return new TwinSection(properties);
            };

            TwinSection.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.section != null && $Object.hasOwnProperty.call(message, "section") && message.section !== "")
                    writer.uint32(10).string(message.section);
                if (message.document != null && $Object.hasOwnProperty.call(message, "document") && message.document !== "")
                    writer.uint32(18).string(message.document);
                if (message.version != null && $Object.hasOwnProperty.call(message, "version") && (typeof message.version === "object" ? message.version.low || message.version.high : message.version !== 0))
                    writer.uint32(24).uint64(message.version);
                if (message.body != null && $Object.hasOwnProperty.call(message, "body") && message.body.length)
                    writer.uint32(34).bytes(message.body);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            TwinSection.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.TwinSection();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.section = value;
                            else
                                delete message.section;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.document = value;
                            else
                                delete message.document;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.version = value;
                            else
                                delete message.version;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.body = value;
                            else
                                delete message.body;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            TwinSection.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.TwinSection)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.TwinSection: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.TwinSection();
                if (object.section != null)
                    if (typeof object.section !== "string" || object.section.length)
                        message.section = $String(object.section);
                if (object.document != null)
                    if (typeof object.document !== "string" || object.document.length)
                        message.document = $String(object.document);
                if (object.version != null)
                    if (typeof object.version === "object" ? object.version.low || object.version.high : $Number(object.version) !== 0)
                        if ($util.Long)
                            message.version = $util.Long.fromValue(object.version, true);
                        else if (typeof object.version === "string")
                            message.version = $parseInt(object.version, 10);
                        else if (typeof object.version === "number")
                            message.version = object.version;
                        else if (typeof object.version === "object")
                            message.version = new $util.LongBits(object.version.low >>> 0, object.version.high >>> 0).toNumber(true);
                if (object.body != null)
                    if (object.body.length)
                        if (typeof object.body === "string")
                            $util.base64.decode(object.body, message.body = $util.newBuffer($util.base64.length(object.body)), 0);
                        else if (object.body.length >= 0)
                            message.body = object.body;
                return message;
            };

            TwinSection.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    object.section = "";
                    object.document = "";
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.version = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.version = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if (options.bytes === $String)
                        object.body = "";
                    else {
                        object.body = [];
                        if (options.bytes !== $Array)
                            object.body = $util.newBuffer(object.body);
                    }
                }
                if (message.section != null && $Object.hasOwnProperty.call(message, "section"))
                    object.section = message.section;
                if (message.document != null && $Object.hasOwnProperty.call(message, "document"))
                    object.document = message.document;
                if (message.version != null && $Object.hasOwnProperty.call(message, "version"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.version = typeof message.version === "number" ? $BigInt(message.version) : $util.Long.fromBits(message.version.low >>> 0, message.version.high >>> 0, true).toBigInt();
                    else if (typeof message.version === "number")
                        object.version = options.longs === $String ? $String(message.version) : message.version;
                    else
                        object.version = options.longs === $String ? $util.Long.prototype.toString.call(message.version) : options.longs === $Number ? new $util.LongBits(message.version.low >>> 0, message.version.high >>> 0).toNumber(true) : message.version;
                if (message.body != null && $Object.hasOwnProperty.call(message, "body"))
                    object.body = options.bytes === $String ? $util.base64.encode(message.body, 0, message.body.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.body) : message.body;
                return object;
            };

            TwinSection.prototype.toJSON = function() {
                return TwinSection.toObject(this, $protobuf.util.toJSONOptions);
            };

            return TwinSection;
        })();

        v1.DeviceState = (function() {

            const DeviceState = function (properties) {
                this.latest = [];
                this.boots = [];
                this.claimedIds = [];
                this.sections = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            DeviceState.prototype.tenant = "";
            DeviceState.prototype.device = "";
            DeviceState.prototype.latest = $util.emptyArray;
            DeviceState.prototype.boots = $util.emptyArray;
            DeviceState.prototype.claimedIds = $util.emptyArray;
            DeviceState.prototype.sections = $util.emptyArray;
            DeviceState.prototype.lastSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            DeviceState.prototype.lastIndex = 0;
            DeviceState.prototype.firstSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            DeviceState.prototype.connection = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            DeviceState.create = function(properties) {
                return new DeviceState(properties);
            };

            DeviceState.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.tenant != null && $Object.hasOwnProperty.call(message, "tenant") && message.tenant !== "")
                    writer.uint32(10).string(message.tenant);
                if (message.device != null && $Object.hasOwnProperty.call(message, "device") && message.device !== "")
                    writer.uint32(18).string(message.device);
                if (message.latest != null && message.latest.length)
                    for (let i = 0; i < message.latest.length; ++i)
                        $root.twinfold.v1.Leaf.encode(message.latest[i], writer.uint32(26).fork(), _depth + 1).ldelim();
                if (message.boots != null && message.boots.length)
                    for (let i = 0; i < message.boots.length; ++i)
                        $root.twinfold.v1.BootWindow.encode(message.boots[i], writer.uint32(34).fork(), _depth + 1).ldelim();
                if (message.claimedIds != null && message.claimedIds.length)
                    for (let i = 0; i < message.claimedIds.length; ++i)
                        $root.twinfold.v1.ClaimedId.encode(message.claimedIds[i], writer.uint32(42).fork(), _depth + 1).ldelim();
                if (message.sections != null && message.sections.length)
                    for (let i = 0; i < message.sections.length; ++i)
                        $root.twinfold.v1.TwinSection.encode(message.sections[i], writer.uint32(50).fork(), _depth + 1).ldelim();
                if (message.lastSeq != null && $Object.hasOwnProperty.call(message, "lastSeq") && (typeof message.lastSeq === "object" ? message.lastSeq.low || message.lastSeq.high : message.lastSeq !== 0))
                    writer.uint32(56).uint64(message.lastSeq);
                if (message.lastIndex != null && $Object.hasOwnProperty.call(message, "lastIndex") && message.lastIndex !== 0)
                    writer.uint32(64).uint32(message.lastIndex);
                if (message.firstSeq != null && $Object.hasOwnProperty.call(message, "firstSeq") && (typeof message.firstSeq === "object" ? message.firstSeq.low || message.firstSeq.high : message.firstSeq !== 0))
                    writer.uint32(72).uint64(message.firstSeq);
                if (message.connection != null && $Object.hasOwnProperty.call(message, "connection") && (typeof message.connection === "object" ? message.connection.low || message.connection.high : message.connection !== 0))
                    writer.uint32(80).uint64(message.connection);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            DeviceState.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.DeviceState();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.tenant = value;
                            else
                                delete message.tenant;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.device = value;
                            else
                                delete message.device;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if (!(message.latest && message.latest.length))
                                message.latest = [];
                            message.latest.push($root.twinfold.v1.Leaf.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if (!(message.boots && message.boots.length))
                                message.boots = [];
                            message.boots.push($root.twinfold.v1.BootWindow.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if (!(message.claimedIds && message.claimedIds.length))
                                message.claimedIds = [];
                            message.claimedIds.push($root.twinfold.v1.ClaimedId.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if (!(message.sections && message.sections.length))
                                message.sections = [];
                            message.sections.push($root.twinfold.v1.TwinSection.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.lastSeq = value;
                            else
                                delete message.lastSeq;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.lastIndex = value;
                            else
                                delete message.lastIndex;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.firstSeq = value;
                            else
                                delete message.firstSeq;
                            continue;
                        }
                    case 10: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.connection = value;
                            else
                                delete message.connection;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            DeviceState.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.DeviceState)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.DeviceState: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.DeviceState();
                if (object.tenant != null)
                    if (typeof object.tenant !== "string" || object.tenant.length)
                        message.tenant = $String(object.tenant);
                if (object.device != null)
                    if (typeof object.device !== "string" || object.device.length)
                        message.device = $String(object.device);
                if (object.latest) {
                    if (!$Array.isArray(object.latest))
                        throw $TypeError(".twinfold.v1.DeviceState.latest: array expected");
                    message.latest = $Array(object.latest.length);
                    for (let i = 0; i < object.latest.length; ++i) {
                        if (!$util.isObject(object.latest[i]))
                            throw $TypeError(".twinfold.v1.DeviceState.latest: object expected");
                        message.latest[i] = $root.twinfold.v1.Leaf.fromObject(object.latest[i], _depth + 1);
                    }
                }
                if (object.boots) {
                    if (!$Array.isArray(object.boots))
                        throw $TypeError(".twinfold.v1.DeviceState.boots: array expected");
                    message.boots = $Array(object.boots.length);
                    for (let i = 0; i < object.boots.length; ++i) {
                        if (!$util.isObject(object.boots[i]))
                            throw $TypeError(".twinfold.v1.DeviceState.boots: object expected");
                        message.boots[i] = $root.twinfold.v1.BootWindow.fromObject(object.boots[i], _depth + 1);
                    }
                }
                if (object.claimedIds) {
                    if (!$Array.isArray(object.claimedIds))
                        throw $TypeError(".twinfold.v1.DeviceState.claimedIds: array expected");
                    message.claimedIds = $Array(object.claimedIds.length);
                    for (let i = 0; i < object.claimedIds.length; ++i) {
                        if (!$util.isObject(object.claimedIds[i]))
                            throw $TypeError(".twinfold.v1.DeviceState.claimedIds: object expected");
                        message.claimedIds[i] = $root.twinfold.v1.ClaimedId.fromObject(object.claimedIds[i], _depth + 1);
                    }
                }
                if (object.sections) {
                    if (!$Array.isArray(object.sections))
                        throw $TypeError(".twinfold.v1.DeviceState.sections: array expected");
                    message.sections = $Array(object.sections.length);
                    for (let i = 0; i < object.sections.length; ++i) {
                        if (!$util.isObject(object.sections[i]))
                            throw $TypeError(".twinfold.v1.DeviceState.sections: object expected");
                        message.sections[i] = $root.twinfold.v1.TwinSection.fromObject(object.sections[i], _depth + 1);
                    }
                }
                if (object.lastSeq != null)
                    if (typeof object.lastSeq === "object" ? object.lastSeq.low || object.lastSeq.high : $Number(object.lastSeq) !== 0)
                        if ($util.Long)
                            message.lastSeq = $util.Long.fromValue(object.lastSeq, true);
                        else if (typeof object.lastSeq === "string")
                            message.lastSeq = $parseInt(object.lastSeq, 10);
                        else if (typeof object.lastSeq === "number")
                            message.lastSeq = object.lastSeq;
                        else if (typeof object.lastSeq === "object")
                            message.lastSeq = new $util.LongBits(object.lastSeq.low >>> 0, object.lastSeq.high >>> 0).toNumber(true);
                if (object.lastIndex != null)
                    if ($Number(object.lastIndex) !== 0)
                        message.lastIndex = object.lastIndex >>> 0;
                if (object.firstSeq != null)
                    if (typeof object.firstSeq === "object" ? object.firstSeq.low || object.firstSeq.high : $Number(object.firstSeq) !== 0)
                        if ($util.Long)
                            message.firstSeq = $util.Long.fromValue(object.firstSeq, true);
                        else if (typeof object.firstSeq === "string")
                            message.firstSeq = $parseInt(object.firstSeq, 10);
                        else if (typeof object.firstSeq === "number")
                            message.firstSeq = object.firstSeq;
                        else if (typeof object.firstSeq === "object")
                            message.firstSeq = new $util.LongBits(object.firstSeq.low >>> 0, object.firstSeq.high >>> 0).toNumber(true);
                if (object.connection != null)
                    if (typeof object.connection === "object" ? object.connection.low || object.connection.high : $Number(object.connection) !== 0)
                        if ($util.Long)
                            message.connection = $util.Long.fromValue(object.connection, true);
                        else if (typeof object.connection === "string")
                            message.connection = $parseInt(object.connection, 10);
                        else if (typeof object.connection === "number")
                            message.connection = object.connection;
                        else if (typeof object.connection === "object")
                            message.connection = new $util.LongBits(object.connection.low >>> 0, object.connection.high >>> 0).toNumber(true);
                return message;
            };

            DeviceState.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults) {
                    object.latest = [];
                    object.boots = [];
                    object.claimedIds = [];
                    object.sections = [];
                }
                if (options.defaults) {
                    object.tenant = "";
                    object.device = "";
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.lastSeq = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.lastSeq = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.lastIndex = 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.firstSeq = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.firstSeq = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.connection = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.connection = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                }
                if (message.tenant != null && $Object.hasOwnProperty.call(message, "tenant"))
                    object.tenant = message.tenant;
                if (message.device != null && $Object.hasOwnProperty.call(message, "device"))
                    object.device = message.device;
                if (message.latest && message.latest.length) {
                    object.latest = $Array(message.latest.length);
                    for (let j = 0; j < message.latest.length; ++j)
                        object.latest[j] = $root.twinfold.v1.Leaf.toObject(message.latest[j], options, _depth + 1);
                }
                if (message.boots && message.boots.length) {
                    object.boots = $Array(message.boots.length);
                    for (let j = 0; j < message.boots.length; ++j)
                        object.boots[j] = $root.twinfold.v1.BootWindow.toObject(message.boots[j], options, _depth + 1);
                }
                if (message.claimedIds && message.claimedIds.length) {
                    object.claimedIds = $Array(message.claimedIds.length);
                    for (let j = 0; j < message.claimedIds.length; ++j)
                        object.claimedIds[j] = $root.twinfold.v1.ClaimedId.toObject(message.claimedIds[j], options, _depth + 1);
                }
                if (message.sections && message.sections.length) {
                    object.sections = $Array(message.sections.length);
                    for (let j = 0; j < message.sections.length; ++j)
                        object.sections[j] = $root.twinfold.v1.TwinSection.toObject(message.sections[j], options, _depth + 1);
                }
                if (message.lastSeq != null && $Object.hasOwnProperty.call(message, "lastSeq"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.lastSeq = typeof message.lastSeq === "number" ? $BigInt(message.lastSeq) : $util.Long.fromBits(message.lastSeq.low >>> 0, message.lastSeq.high >>> 0, true).toBigInt();
                    else if (typeof message.lastSeq === "number")
                        object.lastSeq = options.longs === $String ? $String(message.lastSeq) : message.lastSeq;
                    else
                        object.lastSeq = options.longs === $String ? $util.Long.prototype.toString.call(message.lastSeq) : options.longs === $Number ? new $util.LongBits(message.lastSeq.low >>> 0, message.lastSeq.high >>> 0).toNumber(true) : message.lastSeq;
                if (message.lastIndex != null && $Object.hasOwnProperty.call(message, "lastIndex"))
                    object.lastIndex = message.lastIndex;
                if (message.firstSeq != null && $Object.hasOwnProperty.call(message, "firstSeq"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.firstSeq = typeof message.firstSeq === "number" ? $BigInt(message.firstSeq) : $util.Long.fromBits(message.firstSeq.low >>> 0, message.firstSeq.high >>> 0, true).toBigInt();
                    else if (typeof message.firstSeq === "number")
                        object.firstSeq = options.longs === $String ? $String(message.firstSeq) : message.firstSeq;
                    else
                        object.firstSeq = options.longs === $String ? $util.Long.prototype.toString.call(message.firstSeq) : options.longs === $Number ? new $util.LongBits(message.firstSeq.low >>> 0, message.firstSeq.high >>> 0).toNumber(true) : message.firstSeq;
                if (message.connection != null && $Object.hasOwnProperty.call(message, "connection"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.connection = typeof message.connection === "number" ? $BigInt(message.connection) : $util.Long.fromBits(message.connection.low >>> 0, message.connection.high >>> 0, true).toBigInt();
                    else if (typeof message.connection === "number")
                        object.connection = options.longs === $String ? $String(message.connection) : message.connection;
                    else
                        object.connection = options.longs === $String ? $util.Long.prototype.toString.call(message.connection) : options.longs === $Number ? new $util.LongBits(message.connection.low >>> 0, message.connection.high >>> 0).toNumber(true) : message.connection;
                return object;
            };

            DeviceState.prototype.toJSON = function() {
                return DeviceState.toObject(this, $protobuf.util.toJSONOptions);
            };

            return DeviceState;
        })();

        v1.ClaimedId = (function() {

            const ClaimedId = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            ClaimedId.prototype.id = "";
            ClaimedId.prototype.seq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            ClaimedId.prototype.index = 0;

            ClaimedId.create = function(properties) {
                return new ClaimedId(properties);
            };

            ClaimedId.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== "")
                    writer.uint32(10).string(message.id);
                if (message.seq != null && $Object.hasOwnProperty.call(message, "seq") && (typeof message.seq === "object" ? message.seq.low || message.seq.high : message.seq !== 0))
                    writer.uint32(16).uint64(message.seq);
                if (message.index != null && $Object.hasOwnProperty.call(message, "index") && message.index !== 0)
                    writer.uint32(24).uint32(message.index);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            ClaimedId.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.ClaimedId();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.seq = value;
                            else
                                delete message.seq;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.index = value;
                            else
                                delete message.index;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            ClaimedId.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.ClaimedId)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.ClaimedId: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.ClaimedId();
                if (object.id != null)
                    if (typeof object.id !== "string" || object.id.length)
                        message.id = $String(object.id);
                if (object.seq != null)
                    if (typeof object.seq === "object" ? object.seq.low || object.seq.high : $Number(object.seq) !== 0)
                        if ($util.Long)
                            message.seq = $util.Long.fromValue(object.seq, true);
                        else if (typeof object.seq === "string")
                            message.seq = $parseInt(object.seq, 10);
                        else if (typeof object.seq === "number")
                            message.seq = object.seq;
                        else if (typeof object.seq === "object")
                            message.seq = new $util.LongBits(object.seq.low >>> 0, object.seq.high >>> 0).toNumber(true);
                if (object.index != null)
                    if ($Number(object.index) !== 0)
                        message.index = object.index >>> 0;
                return message;
            };

            ClaimedId.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    object.id = "";
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.seq = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.seq = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.index = 0;
                }
                if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                    object.id = message.id;
                if (message.seq != null && $Object.hasOwnProperty.call(message, "seq"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.seq = typeof message.seq === "number" ? $BigInt(message.seq) : $util.Long.fromBits(message.seq.low >>> 0, message.seq.high >>> 0, true).toBigInt();
                    else if (typeof message.seq === "number")
                        object.seq = options.longs === $String ? $String(message.seq) : message.seq;
                    else
                        object.seq = options.longs === $String ? $util.Long.prototype.toString.call(message.seq) : options.longs === $Number ? new $util.LongBits(message.seq.low >>> 0, message.seq.high >>> 0).toNumber(true) : message.seq;
                if (message.index != null && $Object.hasOwnProperty.call(message, "index"))
                    object.index = message.index;
                return object;
            };

            ClaimedId.prototype.toJSON = function() {
                return ClaimedId.toObject(this, $protobuf.util.toJSONOptions);
            };

            return ClaimedId;
        })();

        v1.WriterState = (function() {

            const WriterState = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            WriterState.prototype.edgeEpoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            WriterState.prototype.counter = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            WriterState.prototype.seq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            WriterState.prototype.logMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            WriterState.prototype.goneMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            WriterState.create = function(properties) {
                return new WriterState(properties);
            };

            WriterState.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.edgeEpoch != null && $Object.hasOwnProperty.call(message, "edgeEpoch") && (typeof message.edgeEpoch === "object" ? message.edgeEpoch.low || message.edgeEpoch.high : message.edgeEpoch !== 0))
                    writer.uint32(8).uint64(message.edgeEpoch);
                if (message.counter != null && $Object.hasOwnProperty.call(message, "counter") && (typeof message.counter === "object" ? message.counter.low || message.counter.high : message.counter !== 0))
                    writer.uint32(16).uint64(message.counter);
                if (message.seq != null && $Object.hasOwnProperty.call(message, "seq") && (typeof message.seq === "object" ? message.seq.low || message.seq.high : message.seq !== 0))
                    writer.uint32(24).uint64(message.seq);
                if (message.logMs != null && $Object.hasOwnProperty.call(message, "logMs") && (typeof message.logMs === "object" ? message.logMs.low || message.logMs.high : message.logMs !== 0))
                    writer.uint32(32).uint64(message.logMs);
                if (message.goneMs != null && $Object.hasOwnProperty.call(message, "goneMs") && (typeof message.goneMs === "object" ? message.goneMs.low || message.goneMs.high : message.goneMs !== 0))
                    writer.uint32(40).uint64(message.goneMs);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            WriterState.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.WriterState();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.edgeEpoch = value;
                            else
                                delete message.edgeEpoch;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.counter = value;
                            else
                                delete message.counter;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.seq = value;
                            else
                                delete message.seq;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.logMs = value;
                            else
                                delete message.logMs;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.goneMs = value;
                            else
                                delete message.goneMs;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            WriterState.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.WriterState)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.WriterState: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.WriterState();
                if (object.edgeEpoch != null)
                    if (typeof object.edgeEpoch === "object" ? object.edgeEpoch.low || object.edgeEpoch.high : $Number(object.edgeEpoch) !== 0)
                        if ($util.Long)
                            message.edgeEpoch = $util.Long.fromValue(object.edgeEpoch, true);
                        else if (typeof object.edgeEpoch === "string")
                            message.edgeEpoch = $parseInt(object.edgeEpoch, 10);
                        else if (typeof object.edgeEpoch === "number")
                            message.edgeEpoch = object.edgeEpoch;
                        else if (typeof object.edgeEpoch === "object")
                            message.edgeEpoch = new $util.LongBits(object.edgeEpoch.low >>> 0, object.edgeEpoch.high >>> 0).toNumber(true);
                if (object.counter != null)
                    if (typeof object.counter === "object" ? object.counter.low || object.counter.high : $Number(object.counter) !== 0)
                        if ($util.Long)
                            message.counter = $util.Long.fromValue(object.counter, true);
                        else if (typeof object.counter === "string")
                            message.counter = $parseInt(object.counter, 10);
                        else if (typeof object.counter === "number")
                            message.counter = object.counter;
                        else if (typeof object.counter === "object")
                            message.counter = new $util.LongBits(object.counter.low >>> 0, object.counter.high >>> 0).toNumber(true);
                if (object.seq != null)
                    if (typeof object.seq === "object" ? object.seq.low || object.seq.high : $Number(object.seq) !== 0)
                        if ($util.Long)
                            message.seq = $util.Long.fromValue(object.seq, true);
                        else if (typeof object.seq === "string")
                            message.seq = $parseInt(object.seq, 10);
                        else if (typeof object.seq === "number")
                            message.seq = object.seq;
                        else if (typeof object.seq === "object")
                            message.seq = new $util.LongBits(object.seq.low >>> 0, object.seq.high >>> 0).toNumber(true);
                if (object.logMs != null)
                    if (typeof object.logMs === "object" ? object.logMs.low || object.logMs.high : $Number(object.logMs) !== 0)
                        if ($util.Long)
                            message.logMs = $util.Long.fromValue(object.logMs, true);
                        else if (typeof object.logMs === "string")
                            message.logMs = $parseInt(object.logMs, 10);
                        else if (typeof object.logMs === "number")
                            message.logMs = object.logMs;
                        else if (typeof object.logMs === "object")
                            message.logMs = new $util.LongBits(object.logMs.low >>> 0, object.logMs.high >>> 0).toNumber(true);
                if (object.goneMs != null)
                    if (typeof object.goneMs === "object" ? object.goneMs.low || object.goneMs.high : $Number(object.goneMs) !== 0)
                        if ($util.Long)
                            message.goneMs = $util.Long.fromValue(object.goneMs, true);
                        else if (typeof object.goneMs === "string")
                            message.goneMs = $parseInt(object.goneMs, 10);
                        else if (typeof object.goneMs === "number")
                            message.goneMs = object.goneMs;
                        else if (typeof object.goneMs === "object")
                            message.goneMs = new $util.LongBits(object.goneMs.low >>> 0, object.goneMs.high >>> 0).toNumber(true);
                return message;
            };

            WriterState.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.edgeEpoch = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.edgeEpoch = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.counter = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.counter = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.seq = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.seq = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.logMs = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.logMs = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.goneMs = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.goneMs = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                }
                if (message.edgeEpoch != null && $Object.hasOwnProperty.call(message, "edgeEpoch"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.edgeEpoch = typeof message.edgeEpoch === "number" ? $BigInt(message.edgeEpoch) : $util.Long.fromBits(message.edgeEpoch.low >>> 0, message.edgeEpoch.high >>> 0, true).toBigInt();
                    else if (typeof message.edgeEpoch === "number")
                        object.edgeEpoch = options.longs === $String ? $String(message.edgeEpoch) : message.edgeEpoch;
                    else
                        object.edgeEpoch = options.longs === $String ? $util.Long.prototype.toString.call(message.edgeEpoch) : options.longs === $Number ? new $util.LongBits(message.edgeEpoch.low >>> 0, message.edgeEpoch.high >>> 0).toNumber(true) : message.edgeEpoch;
                if (message.counter != null && $Object.hasOwnProperty.call(message, "counter"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.counter = typeof message.counter === "number" ? $BigInt(message.counter) : $util.Long.fromBits(message.counter.low >>> 0, message.counter.high >>> 0, true).toBigInt();
                    else if (typeof message.counter === "number")
                        object.counter = options.longs === $String ? $String(message.counter) : message.counter;
                    else
                        object.counter = options.longs === $String ? $util.Long.prototype.toString.call(message.counter) : options.longs === $Number ? new $util.LongBits(message.counter.low >>> 0, message.counter.high >>> 0).toNumber(true) : message.counter;
                if (message.seq != null && $Object.hasOwnProperty.call(message, "seq"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.seq = typeof message.seq === "number" ? $BigInt(message.seq) : $util.Long.fromBits(message.seq.low >>> 0, message.seq.high >>> 0, true).toBigInt();
                    else if (typeof message.seq === "number")
                        object.seq = options.longs === $String ? $String(message.seq) : message.seq;
                    else
                        object.seq = options.longs === $String ? $util.Long.prototype.toString.call(message.seq) : options.longs === $Number ? new $util.LongBits(message.seq.low >>> 0, message.seq.high >>> 0).toNumber(true) : message.seq;
                if (message.logMs != null && $Object.hasOwnProperty.call(message, "logMs"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.logMs = typeof message.logMs === "number" ? $BigInt(message.logMs) : $util.Long.fromBits(message.logMs.low >>> 0, message.logMs.high >>> 0, true).toBigInt();
                    else if (typeof message.logMs === "number")
                        object.logMs = options.longs === $String ? $String(message.logMs) : message.logMs;
                    else
                        object.logMs = options.longs === $String ? $util.Long.prototype.toString.call(message.logMs) : options.longs === $Number ? new $util.LongBits(message.logMs.low >>> 0, message.logMs.high >>> 0).toNumber(true) : message.logMs;
                if (message.goneMs != null && $Object.hasOwnProperty.call(message, "goneMs"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.goneMs = typeof message.goneMs === "number" ? $BigInt(message.goneMs) : $util.Long.fromBits(message.goneMs.low >>> 0, message.goneMs.high >>> 0, true).toBigInt();
                    else if (typeof message.goneMs === "number")
                        object.goneMs = options.longs === $String ? $String(message.goneMs) : message.goneMs;
                    else
                        object.goneMs = options.longs === $String ? $util.Long.prototype.toString.call(message.goneMs) : options.longs === $Number ? new $util.LongBits(message.goneMs.low >>> 0, message.goneMs.high >>> 0).toNumber(true) : message.goneMs;
                return object;
            };

            WriterState.prototype.toJSON = function() {
                return WriterState.toObject(this, $protobuf.util.toJSONOptions);
            };

            return WriterState;
        })();

        v1.AggregateState = (function() {

            const AggregateState = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            AggregateState.prototype.kind = "";
            AggregateState.prototype.tenant = "";
            AggregateState.prototype.id = "";
            AggregateState.prototype.version = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            AggregateState.prototype.body = $util.newBuffer([]);

            AggregateState.create = function(properties) {
                return new AggregateState(properties);
            };

            AggregateState.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind") && message.kind !== "")
                    writer.uint32(10).string(message.kind);
                if (message.tenant != null && $Object.hasOwnProperty.call(message, "tenant") && message.tenant !== "")
                    writer.uint32(18).string(message.tenant);
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== "")
                    writer.uint32(26).string(message.id);
                if (message.version != null && $Object.hasOwnProperty.call(message, "version") && (typeof message.version === "object" ? message.version.low || message.version.high : message.version !== 0))
                    writer.uint32(32).uint64(message.version);
                if (message.body != null && $Object.hasOwnProperty.call(message, "body") && message.body.length)
                    writer.uint32(42).bytes(message.body);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            AggregateState.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.AggregateState();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.kind = value;
                            else
                                delete message.kind;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.tenant = value;
                            else
                                delete message.tenant;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.version = value;
                            else
                                delete message.version;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.body = value;
                            else
                                delete message.body;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            AggregateState.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.AggregateState)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.AggregateState: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.AggregateState();
                if (object.kind != null)
                    if (typeof object.kind !== "string" || object.kind.length)
                        message.kind = $String(object.kind);
                if (object.tenant != null)
                    if (typeof object.tenant !== "string" || object.tenant.length)
                        message.tenant = $String(object.tenant);
                if (object.id != null)
                    if (typeof object.id !== "string" || object.id.length)
                        message.id = $String(object.id);
                if (object.version != null)
                    if (typeof object.version === "object" ? object.version.low || object.version.high : $Number(object.version) !== 0)
                        if ($util.Long)
                            message.version = $util.Long.fromValue(object.version, true);
                        else if (typeof object.version === "string")
                            message.version = $parseInt(object.version, 10);
                        else if (typeof object.version === "number")
                            message.version = object.version;
                        else if (typeof object.version === "object")
                            message.version = new $util.LongBits(object.version.low >>> 0, object.version.high >>> 0).toNumber(true);
                if (object.body != null)
                    if (object.body.length)
                        if (typeof object.body === "string")
                            $util.base64.decode(object.body, message.body = $util.newBuffer($util.base64.length(object.body)), 0);
                        else if (object.body.length >= 0)
                            message.body = object.body;
                return message;
            };

            AggregateState.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    object.kind = "";
                    object.tenant = "";
                    object.id = "";
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.version = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.version = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if (options.bytes === $String)
                        object.body = "";
                    else {
                        object.body = [];
                        if (options.bytes !== $Array)
                            object.body = $util.newBuffer(object.body);
                    }
                }
                if (message.kind != null && $Object.hasOwnProperty.call(message, "kind"))
                    object.kind = message.kind;
                if (message.tenant != null && $Object.hasOwnProperty.call(message, "tenant"))
                    object.tenant = message.tenant;
                if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                    object.id = message.id;
                if (message.version != null && $Object.hasOwnProperty.call(message, "version"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.version = typeof message.version === "number" ? $BigInt(message.version) : $util.Long.fromBits(message.version.low >>> 0, message.version.high >>> 0, true).toBigInt();
                    else if (typeof message.version === "number")
                        object.version = options.longs === $String ? $String(message.version) : message.version;
                    else
                        object.version = options.longs === $String ? $util.Long.prototype.toString.call(message.version) : options.longs === $Number ? new $util.LongBits(message.version.low >>> 0, message.version.high >>> 0).toNumber(true) : message.version;
                if (message.body != null && $Object.hasOwnProperty.call(message, "body"))
                    object.body = options.bytes === $String ? $util.base64.encode(message.body, 0, message.body.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.body) : message.body;
                return object;
            };

            AggregateState.prototype.toJSON = function() {
                return AggregateState.toObject(this, $protobuf.util.toJSONOptions);
            };

            return AggregateState;
        })();

        v1.TwinSnapshot = (function() {

            const TwinSnapshot = function (properties) {
                this.names = [];
                this.writers = [];
                this.devices = [];
                this.aggregates = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            TwinSnapshot.prototype.partition = 0;
            TwinSnapshot.prototype.foldVersion = 0;
            TwinSnapshot.prototype.recordSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            TwinSnapshot.prototype.last = null;
            TwinSnapshot.prototype.logMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            TwinSnapshot.prototype.names = $util.emptyArray;
            TwinSnapshot.prototype.writers = $util.emptyArray;
            TwinSnapshot.prototype.devices = $util.emptyArray;
            TwinSnapshot.prototype.aggregates = $util.emptyArray;

            TwinSnapshot.create = function(properties) {
                return new TwinSnapshot(properties);
            };

            TwinSnapshot.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.partition != null && $Object.hasOwnProperty.call(message, "partition") && message.partition !== 0)
                    writer.uint32(8).uint32(message.partition);
                if (message.foldVersion != null && $Object.hasOwnProperty.call(message, "foldVersion") && message.foldVersion !== 0)
                    writer.uint32(16).uint32(message.foldVersion);
                if (message.recordSeq != null && $Object.hasOwnProperty.call(message, "recordSeq") && (typeof message.recordSeq === "object" ? message.recordSeq.low || message.recordSeq.high : message.recordSeq !== 0))
                    writer.uint32(24).uint64(message.recordSeq);
                if (message.last != null && $Object.hasOwnProperty.call(message, "last"))
                    $root.twinfold.v1.CoveredMessage.encode(message.last, writer.uint32(34).fork(), _depth + 1).ldelim();
                if (message.logMs != null && $Object.hasOwnProperty.call(message, "logMs") && (typeof message.logMs === "object" ? message.logMs.low || message.logMs.high : message.logMs !== 0))
                    writer.uint32(40).uint64(message.logMs);
                if (message.names != null && message.names.length)
                    for (let i = 0; i < message.names.length; ++i)
                        writer.uint32(50).string(message.names[i]);
                if (message.writers != null && message.writers.length)
                    for (let i = 0; i < message.writers.length; ++i)
                        $root.twinfold.v1.WriterState.encode(message.writers[i], writer.uint32(58).fork(), _depth + 1).ldelim();
                if (message.devices != null && message.devices.length)
                    for (let i = 0; i < message.devices.length; ++i)
                        $root.twinfold.v1.DeviceState.encode(message.devices[i], writer.uint32(66).fork(), _depth + 1).ldelim();
                if (message.aggregates != null && message.aggregates.length)
                    for (let i = 0; i < message.aggregates.length; ++i)
                        $root.twinfold.v1.AggregateState.encode(message.aggregates[i], writer.uint32(74).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            TwinSnapshot.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.TwinSnapshot();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.partition = value;
                            else
                                delete message.partition;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.foldVersion = value;
                            else
                                delete message.foldVersion;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.recordSeq = value;
                            else
                                delete message.recordSeq;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.last = $root.twinfold.v1.CoveredMessage.decode(reader, reader.size(), $undefined, _depth + 1, message.last);
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.logMs = value;
                            else
                                delete message.logMs;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if (!(message.names && message.names.length))
                                message.names = [];
                            message.names.push(reader.stringVerify());
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            if (!(message.writers && message.writers.length))
                                message.writers = [];
                            message.writers.push($root.twinfold.v1.WriterState.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            if (!(message.devices && message.devices.length))
                                message.devices = [];
                            message.devices.push($root.twinfold.v1.DeviceState.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 9: {
                            if (wireType !== 2)
                                break;
                            if (!(message.aggregates && message.aggregates.length))
                                message.aggregates = [];
                            message.aggregates.push($root.twinfold.v1.AggregateState.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            TwinSnapshot.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.TwinSnapshot)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.TwinSnapshot: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.TwinSnapshot();
                if (object.partition != null)
                    if ($Number(object.partition) !== 0)
                        message.partition = object.partition >>> 0;
                if (object.foldVersion != null)
                    if ($Number(object.foldVersion) !== 0)
                        message.foldVersion = object.foldVersion >>> 0;
                if (object.recordSeq != null)
                    if (typeof object.recordSeq === "object" ? object.recordSeq.low || object.recordSeq.high : $Number(object.recordSeq) !== 0)
                        if ($util.Long)
                            message.recordSeq = $util.Long.fromValue(object.recordSeq, true);
                        else if (typeof object.recordSeq === "string")
                            message.recordSeq = $parseInt(object.recordSeq, 10);
                        else if (typeof object.recordSeq === "number")
                            message.recordSeq = object.recordSeq;
                        else if (typeof object.recordSeq === "object")
                            message.recordSeq = new $util.LongBits(object.recordSeq.low >>> 0, object.recordSeq.high >>> 0).toNumber(true);
                if (object.last != null) {
                    if (!$util.isObject(object.last))
                        throw $TypeError(".twinfold.v1.TwinSnapshot.last: object expected");
                    message.last = $root.twinfold.v1.CoveredMessage.fromObject(object.last, _depth + 1);
                }
                if (object.logMs != null)
                    if (typeof object.logMs === "object" ? object.logMs.low || object.logMs.high : $Number(object.logMs) !== 0)
                        if ($util.Long)
                            message.logMs = $util.Long.fromValue(object.logMs, true);
                        else if (typeof object.logMs === "string")
                            message.logMs = $parseInt(object.logMs, 10);
                        else if (typeof object.logMs === "number")
                            message.logMs = object.logMs;
                        else if (typeof object.logMs === "object")
                            message.logMs = new $util.LongBits(object.logMs.low >>> 0, object.logMs.high >>> 0).toNumber(true);
                if (object.names) {
                    if (!$Array.isArray(object.names))
                        throw $TypeError(".twinfold.v1.TwinSnapshot.names: array expected");
                    message.names = $Array(object.names.length);
                    for (let i = 0; i < object.names.length; ++i)
                        message.names[i] = $String(object.names[i]);
                }
                if (object.writers) {
                    if (!$Array.isArray(object.writers))
                        throw $TypeError(".twinfold.v1.TwinSnapshot.writers: array expected");
                    message.writers = $Array(object.writers.length);
                    for (let i = 0; i < object.writers.length; ++i) {
                        if (!$util.isObject(object.writers[i]))
                            throw $TypeError(".twinfold.v1.TwinSnapshot.writers: object expected");
                        message.writers[i] = $root.twinfold.v1.WriterState.fromObject(object.writers[i], _depth + 1);
                    }
                }
                if (object.devices) {
                    if (!$Array.isArray(object.devices))
                        throw $TypeError(".twinfold.v1.TwinSnapshot.devices: array expected");
                    message.devices = $Array(object.devices.length);
                    for (let i = 0; i < object.devices.length; ++i) {
                        if (!$util.isObject(object.devices[i]))
                            throw $TypeError(".twinfold.v1.TwinSnapshot.devices: object expected");
                        message.devices[i] = $root.twinfold.v1.DeviceState.fromObject(object.devices[i], _depth + 1);
                    }
                }
                if (object.aggregates) {
                    if (!$Array.isArray(object.aggregates))
                        throw $TypeError(".twinfold.v1.TwinSnapshot.aggregates: array expected");
                    message.aggregates = $Array(object.aggregates.length);
                    for (let i = 0; i < object.aggregates.length; ++i) {
                        if (!$util.isObject(object.aggregates[i]))
                            throw $TypeError(".twinfold.v1.TwinSnapshot.aggregates: object expected");
                        message.aggregates[i] = $root.twinfold.v1.AggregateState.fromObject(object.aggregates[i], _depth + 1);
                    }
                }
                return message;
            };

            TwinSnapshot.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults) {
                    object.names = [];
                    object.writers = [];
                    object.devices = [];
                    object.aggregates = [];
                }
                if (options.defaults) {
                    object.partition = 0;
                    object.foldVersion = 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.recordSeq = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.recordSeq = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.last = null;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.logMs = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.logMs = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                }
                if (message.partition != null && $Object.hasOwnProperty.call(message, "partition"))
                    object.partition = message.partition;
                if (message.foldVersion != null && $Object.hasOwnProperty.call(message, "foldVersion"))
                    object.foldVersion = message.foldVersion;
                if (message.recordSeq != null && $Object.hasOwnProperty.call(message, "recordSeq"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.recordSeq = typeof message.recordSeq === "number" ? $BigInt(message.recordSeq) : $util.Long.fromBits(message.recordSeq.low >>> 0, message.recordSeq.high >>> 0, true).toBigInt();
                    else if (typeof message.recordSeq === "number")
                        object.recordSeq = options.longs === $String ? $String(message.recordSeq) : message.recordSeq;
                    else
                        object.recordSeq = options.longs === $String ? $util.Long.prototype.toString.call(message.recordSeq) : options.longs === $Number ? new $util.LongBits(message.recordSeq.low >>> 0, message.recordSeq.high >>> 0).toNumber(true) : message.recordSeq;
                if (message.last != null && $Object.hasOwnProperty.call(message, "last"))
                    object.last = $root.twinfold.v1.CoveredMessage.toObject(message.last, options, _depth + 1);
                if (message.logMs != null && $Object.hasOwnProperty.call(message, "logMs"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.logMs = typeof message.logMs === "number" ? $BigInt(message.logMs) : $util.Long.fromBits(message.logMs.low >>> 0, message.logMs.high >>> 0, true).toBigInt();
                    else if (typeof message.logMs === "number")
                        object.logMs = options.longs === $String ? $String(message.logMs) : message.logMs;
                    else
                        object.logMs = options.longs === $String ? $util.Long.prototype.toString.call(message.logMs) : options.longs === $Number ? new $util.LongBits(message.logMs.low >>> 0, message.logMs.high >>> 0).toNumber(true) : message.logMs;
                if (message.names && message.names.length) {
                    object.names = $Array(message.names.length);
                    for (let j = 0; j < message.names.length; ++j)
                        object.names[j] = message.names[j];
                }
                if (message.writers && message.writers.length) {
                    object.writers = $Array(message.writers.length);
                    for (let j = 0; j < message.writers.length; ++j)
                        object.writers[j] = $root.twinfold.v1.WriterState.toObject(message.writers[j], options, _depth + 1);
                }
                if (message.devices && message.devices.length) {
                    object.devices = $Array(message.devices.length);
                    for (let j = 0; j < message.devices.length; ++j)
                        object.devices[j] = $root.twinfold.v1.DeviceState.toObject(message.devices[j], options, _depth + 1);
                }
                if (message.aggregates && message.aggregates.length) {
                    object.aggregates = $Array(message.aggregates.length);
                    for (let j = 0; j < message.aggregates.length; ++j)
                        object.aggregates[j] = $root.twinfold.v1.AggregateState.toObject(message.aggregates[j], options, _depth + 1);
                }
                return object;
            };

            TwinSnapshot.prototype.toJSON = function() {
                return TwinSnapshot.toObject(this, $protobuf.util.toJSONOptions);
            };

            return TwinSnapshot;
        })();

        v1.Ask = (function() {

            const Ask = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Ask.prototype.minSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Ask.prototype.twin = null;
            Ask.prototype.outcomes = null;
            Ask.prototype.status = null;
            Ask.prototype.end = null;
            Ask.prototype.session = null;

            let $oneOfFields;

            $Object.defineProperty(Ask.prototype, "what", {
                get: $util.oneOfGetter($oneOfFields = ["twin", "outcomes", "status", "end", "session"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Ask.create = function(properties) {
                return new Ask(properties);
            };

            Ask.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.minSeq != null && $Object.hasOwnProperty.call(message, "minSeq") && (typeof message.minSeq === "object" ? message.minSeq.low || message.minSeq.high : message.minSeq !== 0))
                    writer.uint32(8).uint64(message.minSeq);
                if (message.twin != null && $Object.hasOwnProperty.call(message, "twin"))
                    $root.twinfold.v1.AskTwin.encode(message.twin, writer.uint32(18).fork(), _depth + 1).ldelim();
                if (message.outcomes != null && $Object.hasOwnProperty.call(message, "outcomes"))
                    $root.twinfold.v1.AskOutcomes.encode(message.outcomes, writer.uint32(26).fork(), _depth + 1).ldelim();
                if (message.status != null && $Object.hasOwnProperty.call(message, "status"))
                    $root.twinfold.v1.AskStatus.encode(message.status, writer.uint32(34).fork(), _depth + 1).ldelim();
                if (message.end != null && $Object.hasOwnProperty.call(message, "end"))
                    $root.twinfold.v1.AskEnd.encode(message.end, writer.uint32(42).fork(), _depth + 1).ldelim();
                if (message.session != null && $Object.hasOwnProperty.call(message, "session"))
                    $root.twinfold.v1.AskSession.encode(message.session, writer.uint32(50).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Ask.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.Ask();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.minSeq = value;
                            else
                                delete message.minSeq;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            message.twin = $root.twinfold.v1.AskTwin.decode(reader, reader.size(), $undefined, _depth + 1, message.twin);
                            message.what = "twin";
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.outcomes = $root.twinfold.v1.AskOutcomes.decode(reader, reader.size(), $undefined, _depth + 1, message.outcomes);
                            message.what = "outcomes";
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            message.status = $root.twinfold.v1.AskStatus.decode(reader, reader.size(), $undefined, _depth + 1, message.status);
                            message.what = "status";
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            message.end = $root.twinfold.v1.AskEnd.decode(reader, reader.size(), $undefined, _depth + 1, message.end);
                            message.what = "end";
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.session = $root.twinfold.v1.AskSession.decode(reader, reader.size(), $undefined, _depth + 1, message.session);
                            message.what = "session";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            Ask.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.Ask)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.Ask: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.Ask();
                if (object.minSeq != null)
                    if (typeof object.minSeq === "object" ? object.minSeq.low || object.minSeq.high : $Number(object.minSeq) !== 0)
                        if ($util.Long)
                            message.minSeq = $util.Long.fromValue(object.minSeq, true);
                        else if (typeof object.minSeq === "string")
                            message.minSeq = $parseInt(object.minSeq, 10);
                        else if (typeof object.minSeq === "number")
                            message.minSeq = object.minSeq;
                        else if (typeof object.minSeq === "object")
                            message.minSeq = new $util.LongBits(object.minSeq.low >>> 0, object.minSeq.high >>> 0).toNumber(true);
                if (object.twin != null) {
                    if (!$util.isObject(object.twin))
                        throw $TypeError(".twinfold.v1.Ask.twin: object expected");
                    message.twin = $root.twinfold.v1.AskTwin.fromObject(object.twin, _depth + 1);
                }
                if (object.outcomes != null) {
                    if (!$util.isObject(object.outcomes))
                        throw $TypeError(".twinfold.v1.Ask.outcomes: object expected");
                    message.outcomes = $root.twinfold.v1.AskOutcomes.fromObject(object.outcomes, _depth + 1);
                }
                if (object.status != null) {
                    if (!$util.isObject(object.status))
                        throw $TypeError(".twinfold.v1.Ask.status: object expected");
                    message.status = $root.twinfold.v1.AskStatus.fromObject(object.status, _depth + 1);
                }
                if (object.end != null) {
                    if (!$util.isObject(object.end))
                        throw $TypeError(".twinfold.v1.Ask.end: object expected");
                    message.end = $root.twinfold.v1.AskEnd.fromObject(object.end, _depth + 1);
                }
                if (object.session != null) {
                    if (!$util.isObject(object.session))
                        throw $TypeError(".twinfold.v1.Ask.session: object expected");
                    message.session = $root.twinfold.v1.AskSession.fromObject(object.session, _depth + 1);
                }
                return message;
            };

            Ask.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults)
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.minSeq = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.minSeq = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                if (message.minSeq != null && $Object.hasOwnProperty.call(message, "minSeq"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.minSeq = typeof message.minSeq === "number" ? $BigInt(message.minSeq) : $util.Long.fromBits(message.minSeq.low >>> 0, message.minSeq.high >>> 0, true).toBigInt();
                    else if (typeof message.minSeq === "number")
                        object.minSeq = options.longs === $String ? $String(message.minSeq) : message.minSeq;
                    else
                        object.minSeq = options.longs === $String ? $util.Long.prototype.toString.call(message.minSeq) : options.longs === $Number ? new $util.LongBits(message.minSeq.low >>> 0, message.minSeq.high >>> 0).toNumber(true) : message.minSeq;
                if (message.twin != null && $Object.hasOwnProperty.call(message, "twin")) {
                    object.twin = $root.twinfold.v1.AskTwin.toObject(message.twin, options, _depth + 1);
                    if (options.oneofs)
                        object.what = "twin";
                }
                if (message.outcomes != null && $Object.hasOwnProperty.call(message, "outcomes")) {
                    object.outcomes = $root.twinfold.v1.AskOutcomes.toObject(message.outcomes, options, _depth + 1);
                    if (options.oneofs)
                        object.what = "outcomes";
                }
                if (message.status != null && $Object.hasOwnProperty.call(message, "status")) {
                    object.status = $root.twinfold.v1.AskStatus.toObject(message.status, options, _depth + 1);
                    if (options.oneofs)
                        object.what = "status";
                }
                if (message.end != null && $Object.hasOwnProperty.call(message, "end")) {
                    object.end = $root.twinfold.v1.AskEnd.toObject(message.end, options, _depth + 1);
                    if (options.oneofs)
                        object.what = "end";
                }
                if (message.session != null && $Object.hasOwnProperty.call(message, "session")) {
                    object.session = $root.twinfold.v1.AskSession.toObject(message.session, options, _depth + 1);
                    if (options.oneofs)
                        object.what = "session";
                }
                return object;
            };

            Ask.prototype.toJSON = function() {
                return Ask.toObject(this, $protobuf.util.toJSONOptions);
            };

            return Ask;
        })();

        v1.AskTwin = (function() {

            const AskTwin = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            AskTwin.prototype.tenant = "";
            AskTwin.prototype.device = "";

            AskTwin.create = function(properties) {
                return new AskTwin(properties);
            };

            AskTwin.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.tenant != null && $Object.hasOwnProperty.call(message, "tenant") && message.tenant !== "")
                    writer.uint32(10).string(message.tenant);
                if (message.device != null && $Object.hasOwnProperty.call(message, "device") && message.device !== "")
                    writer.uint32(18).string(message.device);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            AskTwin.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.AskTwin();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.tenant = value;
                            else
                                delete message.tenant;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.device = value;
                            else
                                delete message.device;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            AskTwin.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.AskTwin)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.AskTwin: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.AskTwin();
                if (object.tenant != null)
                    if (typeof object.tenant !== "string" || object.tenant.length)
                        message.tenant = $String(object.tenant);
                if (object.device != null)
                    if (typeof object.device !== "string" || object.device.length)
                        message.device = $String(object.device);
                return message;
            };

            AskTwin.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    object.tenant = "";
                    object.device = "";
                }
                if (message.tenant != null && $Object.hasOwnProperty.call(message, "tenant"))
                    object.tenant = message.tenant;
                if (message.device != null && $Object.hasOwnProperty.call(message, "device"))
                    object.device = message.device;
                return object;
            };

            AskTwin.prototype.toJSON = function() {
                return AskTwin.toObject(this, $protobuf.util.toJSONOptions);
            };

            return AskTwin;
        })();

        v1.AskOutcomes = (function() {

            const AskOutcomes = function (properties) {
                this.seq = [];
                this.index = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            AskOutcomes.prototype.seq = $util.emptyArray;
            AskOutcomes.prototype.index = $util.emptyArray;

            AskOutcomes.create = function(properties) {
                return new AskOutcomes(properties);
            };

            AskOutcomes.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.seq != null && message.seq.length)
                    writer.uint32(10).uint64s(message.seq);
                if (message.index != null && message.index.length)
                    writer.uint32(18).uint32s(message.index);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            AskOutcomes.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.AskOutcomes();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType === 2) {
                                if (!(message.seq && message.seq.length))
                                    message.seq = [];
                                reader.uint64s(message.seq);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.seq && message.seq.length))
                                message.seq = [];
                            message.seq.push(reader.uint64());
                            continue;
                        }
                    case 2: {
                            if (wireType === 2) {
                                if (!(message.index && message.index.length))
                                    message.index = [];
                                reader.uint32s(message.index);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.index && message.index.length))
                                message.index = [];
                            message.index.push(reader.uint32());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            AskOutcomes.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.AskOutcomes)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.AskOutcomes: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.AskOutcomes();
                if (object.seq) {
                    if (!$Array.isArray(object.seq))
                        throw $TypeError(".twinfold.v1.AskOutcomes.seq: array expected");
                    message.seq = $Array(object.seq.length);
                    for (let i = 0; i < object.seq.length; ++i)
                        if ($util.Long)
                            message.seq[i] = $util.Long.fromValue(object.seq[i], true);
                        else if (typeof object.seq[i] === "string")
                            message.seq[i] = $parseInt(object.seq[i], 10);
                        else if (typeof object.seq[i] === "number")
                            message.seq[i] = object.seq[i];
                        else if (typeof object.seq[i] === "object")
                            message.seq[i] = new $util.LongBits(object.seq[i].low >>> 0, object.seq[i].high >>> 0).toNumber(true);
                }
                if (object.index) {
                    if (!$Array.isArray(object.index))
                        throw $TypeError(".twinfold.v1.AskOutcomes.index: array expected");
                    message.index = $Array(object.index.length);
                    for (let i = 0; i < object.index.length; ++i)
                        message.index[i] = object.index[i] >>> 0;
                }
                return message;
            };

            AskOutcomes.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults) {
                    object.seq = [];
                    object.index = [];
                }
                if (message.seq && message.seq.length) {
                    object.seq = $Array(message.seq.length);
                    for (let j = 0; j < message.seq.length; ++j)
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.seq[j] = typeof message.seq[j] === "number" ? $BigInt(message.seq[j]) : $util.Long.fromBits(message.seq[j].low >>> 0, message.seq[j].high >>> 0, true).toBigInt();
                        else if (typeof message.seq[j] === "number")
                            object.seq[j] = options.longs === $String ? $String(message.seq[j]) : message.seq[j];
                        else
                            object.seq[j] = options.longs === $String ? $util.Long.prototype.toString.call(message.seq[j]) : options.longs === $Number ? new $util.LongBits(message.seq[j].low >>> 0, message.seq[j].high >>> 0).toNumber(true) : message.seq[j];
                }
                if (message.index && message.index.length) {
                    object.index = $Array(message.index.length);
                    for (let j = 0; j < message.index.length; ++j)
                        object.index[j] = message.index[j];
                }
                return object;
            };

            AskOutcomes.prototype.toJSON = function() {
                return AskOutcomes.toObject(this, $protobuf.util.toJSONOptions);
            };

            return AskOutcomes;
        })();

        v1.AskSession = (function() {

            const AskSession = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            AskSession.prototype.tenant = "";
            AskSession.prototype.session = "";

            AskSession.create = function(properties) {
                return new AskSession(properties);
            };

            AskSession.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.tenant != null && $Object.hasOwnProperty.call(message, "tenant") && message.tenant !== "")
                    writer.uint32(10).string(message.tenant);
                if (message.session != null && $Object.hasOwnProperty.call(message, "session") && message.session !== "")
                    writer.uint32(18).string(message.session);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            AskSession.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.AskSession();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.tenant = value;
                            else
                                delete message.tenant;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.session = value;
                            else
                                delete message.session;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            AskSession.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.AskSession)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.AskSession: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.AskSession();
                if (object.tenant != null)
                    if (typeof object.tenant !== "string" || object.tenant.length)
                        message.tenant = $String(object.tenant);
                if (object.session != null)
                    if (typeof object.session !== "string" || object.session.length)
                        message.session = $String(object.session);
                return message;
            };

            AskSession.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    object.tenant = "";
                    object.session = "";
                }
                if (message.tenant != null && $Object.hasOwnProperty.call(message, "tenant"))
                    object.tenant = message.tenant;
                if (message.session != null && $Object.hasOwnProperty.call(message, "session"))
                    object.session = message.session;
                return object;
            };

            AskSession.prototype.toJSON = function() {
                return AskSession.toObject(this, $protobuf.util.toJSONOptions);
            };

            return AskSession;
        })();

        v1.AskStatus = (function() {

            const AskStatus = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            AskStatus.create = function(properties) {
                return new AskStatus(properties);
            };

            AskStatus.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            AskStatus.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.AskStatus();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    reader.skipType(tag & 7, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            AskStatus.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.AskStatus)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.AskStatus: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                return new $root.twinfold.v1.AskStatus();
            };

            AskStatus.toObject = function () {
                return {};
            };

            AskStatus.prototype.toJSON = function() {
                return AskStatus.toObject(this, $protobuf.util.toJSONOptions);
            };

            return AskStatus;
        })();

        v1.AskEnd = (function() {

            const AskEnd = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            AskEnd.prototype.server = "";

            AskEnd.create = function(properties) {
                return new AskEnd(properties);
            };

            AskEnd.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.server != null && $Object.hasOwnProperty.call(message, "server") && message.server !== "")
                    writer.uint32(10).string(message.server);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            AskEnd.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.AskEnd();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.server = value;
                            else
                                delete message.server;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            AskEnd.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.AskEnd)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.AskEnd: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.AskEnd();
                if (object.server != null)
                    if (typeof object.server !== "string" || object.server.length)
                        message.server = $String(object.server);
                return message;
            };

            AskEnd.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults)
                    object.server = "";
                if (message.server != null && $Object.hasOwnProperty.call(message, "server"))
                    object.server = message.server;
                return object;
            };

            AskEnd.prototype.toJSON = function() {
                return AskEnd.toObject(this, $protobuf.util.toJSONOptions);
            };

            return AskEnd;
        })();

        v1.AnswerCode = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "ANSWER_CODE_OK"] = 0;
            values[valuesById[1] = "ANSWER_CODE_NOT_FOUND"] = 1;
            values[valuesById[2] = "ANSWER_CODE_NOT_OWNER"] = 2;
            values[valuesById[3] = "ANSWER_CODE_BEHIND"] = 3;
            return values;
        })();

        v1.Answer = (function() {

            const Answer = function (properties) {
                this.outcome = [];
                this.reason = [];
                this.originalSeq = [];
                this.originalIndex = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Answer.prototype.code = 0;
            Answer.prototype.epoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Answer.prototype.checkpoint = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Answer.prototype.body = $util.newBuffer([]);
            Answer.prototype.outcome = $util.emptyArray;
            Answer.prototype.reason = $util.emptyArray;
            Answer.prototype.originalSeq = $util.emptyArray;
            Answer.prototype.originalIndex = $util.emptyArray;

            Answer.create = function(properties) {
                return new Answer(properties);
            };

            Answer.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.code != null && $Object.hasOwnProperty.call(message, "code") && message.code !== 0)
                    writer.uint32(8).int32(message.code);
                if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch") && (typeof message.epoch === "object" ? message.epoch.low || message.epoch.high : message.epoch !== 0))
                    writer.uint32(16).uint64(message.epoch);
                if (message.checkpoint != null && $Object.hasOwnProperty.call(message, "checkpoint") && (typeof message.checkpoint === "object" ? message.checkpoint.low || message.checkpoint.high : message.checkpoint !== 0))
                    writer.uint32(24).uint64(message.checkpoint);
                if (message.body != null && $Object.hasOwnProperty.call(message, "body") && message.body.length)
                    writer.uint32(34).bytes(message.body);
                if (message.outcome != null && message.outcome.length)
                    writer.uint32(42).uint32s(message.outcome);
                if (message.reason != null && message.reason.length)
                    writer.uint32(50).uint32s(message.reason);
                if (message.originalSeq != null && message.originalSeq.length)
                    writer.uint32(58).uint64s(message.originalSeq);
                if (message.originalIndex != null && message.originalIndex.length)
                    writer.uint32(66).uint32s(message.originalIndex);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Answer.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.Answer();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.code = value;
                            else
                                delete message.code;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.epoch = value;
                            else
                                delete message.epoch;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.checkpoint = value;
                            else
                                delete message.checkpoint;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.body = value;
                            else
                                delete message.body;
                            continue;
                        }
                    case 5: {
                            if (wireType === 2) {
                                if (!(message.outcome && message.outcome.length))
                                    message.outcome = [];
                                reader.uint32s(message.outcome);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.outcome && message.outcome.length))
                                message.outcome = [];
                            message.outcome.push(reader.uint32());
                            continue;
                        }
                    case 6: {
                            if (wireType === 2) {
                                if (!(message.reason && message.reason.length))
                                    message.reason = [];
                                reader.uint32s(message.reason);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.reason && message.reason.length))
                                message.reason = [];
                            message.reason.push(reader.uint32());
                            continue;
                        }
                    case 7: {
                            if (wireType === 2) {
                                if (!(message.originalSeq && message.originalSeq.length))
                                    message.originalSeq = [];
                                reader.uint64s(message.originalSeq);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.originalSeq && message.originalSeq.length))
                                message.originalSeq = [];
                            message.originalSeq.push(reader.uint64());
                            continue;
                        }
                    case 8: {
                            if (wireType === 2) {
                                if (!(message.originalIndex && message.originalIndex.length))
                                    message.originalIndex = [];
                                reader.uint32s(message.originalIndex);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.originalIndex && message.originalIndex.length))
                                message.originalIndex = [];
                            message.originalIndex.push(reader.uint32());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            Answer.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.Answer)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.Answer: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.Answer();
                if (object.code !== 0 && (typeof object.code !== "string" || $root.twinfold.v1.AnswerCode[object.code] !== 0))
                    switch (object.code) {
                    case "ANSWER_CODE_OK":
                    case 0:
                        message.code = 0;
                        break;
                    case "ANSWER_CODE_NOT_FOUND":
                    case 1:
                        message.code = 1;
                        break;
                    case "ANSWER_CODE_NOT_OWNER":
                    case 2:
                        message.code = 2;
                        break;
                    case "ANSWER_CODE_BEHIND":
                    case 3:
                        message.code = 3;
                        break;
                    default:
                        if (typeof object.code === "number" && (object.code | 0) === object.code)
                            message.code = object.code;
                    }
                if (object.epoch != null)
                    if (typeof object.epoch === "object" ? object.epoch.low || object.epoch.high : $Number(object.epoch) !== 0)
                        if ($util.Long)
                            message.epoch = $util.Long.fromValue(object.epoch, true);
                        else if (typeof object.epoch === "string")
                            message.epoch = $parseInt(object.epoch, 10);
                        else if (typeof object.epoch === "number")
                            message.epoch = object.epoch;
                        else if (typeof object.epoch === "object")
                            message.epoch = new $util.LongBits(object.epoch.low >>> 0, object.epoch.high >>> 0).toNumber(true);
                if (object.checkpoint != null)
                    if (typeof object.checkpoint === "object" ? object.checkpoint.low || object.checkpoint.high : $Number(object.checkpoint) !== 0)
                        if ($util.Long)
                            message.checkpoint = $util.Long.fromValue(object.checkpoint, true);
                        else if (typeof object.checkpoint === "string")
                            message.checkpoint = $parseInt(object.checkpoint, 10);
                        else if (typeof object.checkpoint === "number")
                            message.checkpoint = object.checkpoint;
                        else if (typeof object.checkpoint === "object")
                            message.checkpoint = new $util.LongBits(object.checkpoint.low >>> 0, object.checkpoint.high >>> 0).toNumber(true);
                if (object.body != null)
                    if (object.body.length)
                        if (typeof object.body === "string")
                            $util.base64.decode(object.body, message.body = $util.newBuffer($util.base64.length(object.body)), 0);
                        else if (object.body.length >= 0)
                            message.body = object.body;
                if (object.outcome) {
                    if (!$Array.isArray(object.outcome))
                        throw $TypeError(".twinfold.v1.Answer.outcome: array expected");
                    message.outcome = $Array(object.outcome.length);
                    for (let i = 0; i < object.outcome.length; ++i)
                        message.outcome[i] = object.outcome[i] >>> 0;
                }
                if (object.reason) {
                    if (!$Array.isArray(object.reason))
                        throw $TypeError(".twinfold.v1.Answer.reason: array expected");
                    message.reason = $Array(object.reason.length);
                    for (let i = 0; i < object.reason.length; ++i)
                        message.reason[i] = object.reason[i] >>> 0;
                }
                if (object.originalSeq) {
                    if (!$Array.isArray(object.originalSeq))
                        throw $TypeError(".twinfold.v1.Answer.originalSeq: array expected");
                    message.originalSeq = $Array(object.originalSeq.length);
                    for (let i = 0; i < object.originalSeq.length; ++i)
                        if ($util.Long)
                            message.originalSeq[i] = $util.Long.fromValue(object.originalSeq[i], true);
                        else if (typeof object.originalSeq[i] === "string")
                            message.originalSeq[i] = $parseInt(object.originalSeq[i], 10);
                        else if (typeof object.originalSeq[i] === "number")
                            message.originalSeq[i] = object.originalSeq[i];
                        else if (typeof object.originalSeq[i] === "object")
                            message.originalSeq[i] = new $util.LongBits(object.originalSeq[i].low >>> 0, object.originalSeq[i].high >>> 0).toNumber(true);
                }
                if (object.originalIndex) {
                    if (!$Array.isArray(object.originalIndex))
                        throw $TypeError(".twinfold.v1.Answer.originalIndex: array expected");
                    message.originalIndex = $Array(object.originalIndex.length);
                    for (let i = 0; i < object.originalIndex.length; ++i)
                        message.originalIndex[i] = object.originalIndex[i] >>> 0;
                }
                return message;
            };

            Answer.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults) {
                    object.outcome = [];
                    object.reason = [];
                    object.originalSeq = [];
                    object.originalIndex = [];
                }
                if (options.defaults) {
                    object.code = options.enums === $String ? "ANSWER_CODE_OK" : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.epoch = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.epoch = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.checkpoint = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.checkpoint = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if (options.bytes === $String)
                        object.body = "";
                    else {
                        object.body = [];
                        if (options.bytes !== $Array)
                            object.body = $util.newBuffer(object.body);
                    }
                }
                if (message.code != null && $Object.hasOwnProperty.call(message, "code"))
                    object.code = options.enums === $String ? $root.twinfold.v1.AnswerCode[message.code] === $undefined ? message.code : $root.twinfold.v1.AnswerCode[message.code] : message.code;
                if (message.epoch != null && $Object.hasOwnProperty.call(message, "epoch"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.epoch = typeof message.epoch === "number" ? $BigInt(message.epoch) : $util.Long.fromBits(message.epoch.low >>> 0, message.epoch.high >>> 0, true).toBigInt();
                    else if (typeof message.epoch === "number")
                        object.epoch = options.longs === $String ? $String(message.epoch) : message.epoch;
                    else
                        object.epoch = options.longs === $String ? $util.Long.prototype.toString.call(message.epoch) : options.longs === $Number ? new $util.LongBits(message.epoch.low >>> 0, message.epoch.high >>> 0).toNumber(true) : message.epoch;
                if (message.checkpoint != null && $Object.hasOwnProperty.call(message, "checkpoint"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.checkpoint = typeof message.checkpoint === "number" ? $BigInt(message.checkpoint) : $util.Long.fromBits(message.checkpoint.low >>> 0, message.checkpoint.high >>> 0, true).toBigInt();
                    else if (typeof message.checkpoint === "number")
                        object.checkpoint = options.longs === $String ? $String(message.checkpoint) : message.checkpoint;
                    else
                        object.checkpoint = options.longs === $String ? $util.Long.prototype.toString.call(message.checkpoint) : options.longs === $Number ? new $util.LongBits(message.checkpoint.low >>> 0, message.checkpoint.high >>> 0).toNumber(true) : message.checkpoint;
                if (message.body != null && $Object.hasOwnProperty.call(message, "body"))
                    object.body = options.bytes === $String ? $util.base64.encode(message.body, 0, message.body.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.body) : message.body;
                if (message.outcome && message.outcome.length) {
                    object.outcome = $Array(message.outcome.length);
                    for (let j = 0; j < message.outcome.length; ++j)
                        object.outcome[j] = message.outcome[j];
                }
                if (message.reason && message.reason.length) {
                    object.reason = $Array(message.reason.length);
                    for (let j = 0; j < message.reason.length; ++j)
                        object.reason[j] = message.reason[j];
                }
                if (message.originalSeq && message.originalSeq.length) {
                    object.originalSeq = $Array(message.originalSeq.length);
                    for (let j = 0; j < message.originalSeq.length; ++j)
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.originalSeq[j] = typeof message.originalSeq[j] === "number" ? $BigInt(message.originalSeq[j]) : $util.Long.fromBits(message.originalSeq[j].low >>> 0, message.originalSeq[j].high >>> 0, true).toBigInt();
                        else if (typeof message.originalSeq[j] === "number")
                            object.originalSeq[j] = options.longs === $String ? $String(message.originalSeq[j]) : message.originalSeq[j];
                        else
                            object.originalSeq[j] = options.longs === $String ? $util.Long.prototype.toString.call(message.originalSeq[j]) : options.longs === $Number ? new $util.LongBits(message.originalSeq[j].low >>> 0, message.originalSeq[j].high >>> 0).toNumber(true) : message.originalSeq[j];
                }
                if (message.originalIndex && message.originalIndex.length) {
                    object.originalIndex = $Array(message.originalIndex.length);
                    for (let j = 0; j < message.originalIndex.length; ++j)
                        object.originalIndex[j] = message.originalIndex[j];
                }
                return object;
            };

            Answer.prototype.toJSON = function() {
                return Answer.toObject(this, $protobuf.util.toJSONOptions);
            };

            return Answer;
        })();

        v1.Will = (function() {

            const Will = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Will.prototype.topic = "";
            Will.prototype.payload = $util.newBuffer([]);
            Will.prototype.flags = 0;
            Will.prototype.properties = $util.newBuffer([]);
            Will.prototype.delayS = 0;
            Will.prototype.expiryS = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Will.prototype, "_expiryS", {
                get: $util.oneOfGetter($oneOfFields = ["expiryS"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Will.create = function(properties) {
                return new Will(properties);
            };

            Will.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.topic != null && $Object.hasOwnProperty.call(message, "topic") && message.topic !== "")
                    writer.uint32(10).string(message.topic);
                if (message.payload != null && $Object.hasOwnProperty.call(message, "payload") && message.payload.length)
                    writer.uint32(18).bytes(message.payload);
                if (message.flags != null && $Object.hasOwnProperty.call(message, "flags") && message.flags !== 0)
                    writer.uint32(24).uint32(message.flags);
                if (message.properties != null && $Object.hasOwnProperty.call(message, "properties") && message.properties.length)
                    writer.uint32(34).bytes(message.properties);
                if (message.delayS != null && $Object.hasOwnProperty.call(message, "delayS") && message.delayS !== 0)
                    writer.uint32(40).uint32(message.delayS);
                if (message.expiryS != null && $Object.hasOwnProperty.call(message, "expiryS"))
                    writer.uint32(48).uint32(message.expiryS);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Will.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.Will();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.topic = value;
                            else
                                delete message.topic;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.payload = value;
                            else
                                delete message.payload;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.flags = value;
                            else
                                delete message.flags;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.properties = value;
                            else
                                delete message.properties;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.delayS = value;
                            else
                                delete message.delayS;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            message.expiryS = reader.uint32();
                            message._expiryS = "expiryS";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            Will.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.Will)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.Will: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.Will();
                if (object.topic != null)
                    if (typeof object.topic !== "string" || object.topic.length)
                        message.topic = $String(object.topic);
                if (object.payload != null)
                    if (object.payload.length)
                        if (typeof object.payload === "string")
                            $util.base64.decode(object.payload, message.payload = $util.newBuffer($util.base64.length(object.payload)), 0);
                        else if (object.payload.length >= 0)
                            message.payload = object.payload;
                if (object.flags != null)
                    if ($Number(object.flags) !== 0)
                        message.flags = object.flags >>> 0;
                if (object.properties != null)
                    if (object.properties.length)
                        if (typeof object.properties === "string")
                            $util.base64.decode(object.properties, message.properties = $util.newBuffer($util.base64.length(object.properties)), 0);
                        else if (object.properties.length >= 0)
                            message.properties = object.properties;
                if (object.delayS != null)
                    if ($Number(object.delayS) !== 0)
                        message.delayS = object.delayS >>> 0;
                if (object.expiryS != null)
                    message.expiryS = object.expiryS >>> 0;
                return message;
            };

            Will.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    object.topic = "";
                    if (options.bytes === $String)
                        object.payload = "";
                    else {
                        object.payload = [];
                        if (options.bytes !== $Array)
                            object.payload = $util.newBuffer(object.payload);
                    }
                    object.flags = 0;
                    if (options.bytes === $String)
                        object.properties = "";
                    else {
                        object.properties = [];
                        if (options.bytes !== $Array)
                            object.properties = $util.newBuffer(object.properties);
                    }
                    object.delayS = 0;
                }
                if (message.topic != null && $Object.hasOwnProperty.call(message, "topic"))
                    object.topic = message.topic;
                if (message.payload != null && $Object.hasOwnProperty.call(message, "payload"))
                    object.payload = options.bytes === $String ? $util.base64.encode(message.payload, 0, message.payload.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.payload) : message.payload;
                if (message.flags != null && $Object.hasOwnProperty.call(message, "flags"))
                    object.flags = message.flags;
                if (message.properties != null && $Object.hasOwnProperty.call(message, "properties"))
                    object.properties = options.bytes === $String ? $util.base64.encode(message.properties, 0, message.properties.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.properties) : message.properties;
                if (message.delayS != null && $Object.hasOwnProperty.call(message, "delayS"))
                    object.delayS = message.delayS;
                if (message.expiryS != null && $Object.hasOwnProperty.call(message, "expiryS"))
                    object.expiryS = message.expiryS;
                return object;
            };

            Will.prototype.toJSON = function() {
                return Will.toObject(this, $protobuf.util.toJSONOptions);
            };

            return Will;
        })();

        v1.Connected = (function() {

            const Connected = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Connected.prototype.cleanStart = false;
            Connected.prototype.expiryS = 0;
            Connected.prototype.keepAliveS = 0;
            Connected.prototype.level = 0;
            Connected.prototype.address = "";
            Connected.prototype.will = null;
            Connected.prototype.edgeConnection = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            Connected.create = function(properties) {
                return new Connected(properties);
            };

            Connected.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.cleanStart != null && $Object.hasOwnProperty.call(message, "cleanStart") && message.cleanStart !== false)
                    writer.uint32(8).bool(message.cleanStart);
                if (message.expiryS != null && $Object.hasOwnProperty.call(message, "expiryS") && message.expiryS !== 0)
                    writer.uint32(16).uint32(message.expiryS);
                if (message.keepAliveS != null && $Object.hasOwnProperty.call(message, "keepAliveS") && message.keepAliveS !== 0)
                    writer.uint32(24).uint32(message.keepAliveS);
                if (message.level != null && $Object.hasOwnProperty.call(message, "level") && message.level !== 0)
                    writer.uint32(32).uint32(message.level);
                if (message.address != null && $Object.hasOwnProperty.call(message, "address") && message.address !== "")
                    writer.uint32(42).string(message.address);
                if (message.will != null && $Object.hasOwnProperty.call(message, "will"))
                    $root.twinfold.v1.Will.encode(message.will, writer.uint32(50).fork(), _depth + 1).ldelim();
                if (message.edgeConnection != null && $Object.hasOwnProperty.call(message, "edgeConnection") && (typeof message.edgeConnection === "object" ? message.edgeConnection.low || message.edgeConnection.high : message.edgeConnection !== 0))
                    writer.uint32(56).uint64(message.edgeConnection);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Connected.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.Connected();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.cleanStart = value;
                            else
                                delete message.cleanStart;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.expiryS = value;
                            else
                                delete message.expiryS;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.keepAliveS = value;
                            else
                                delete message.keepAliveS;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.level = value;
                            else
                                delete message.level;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.address = value;
                            else
                                delete message.address;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.will = $root.twinfold.v1.Will.decode(reader, reader.size(), $undefined, _depth + 1, message.will);
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.edgeConnection = value;
                            else
                                delete message.edgeConnection;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            Connected.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.Connected)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.Connected: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.Connected();
                if (object.cleanStart != null)
                    if (object.cleanStart)
                        message.cleanStart = $Boolean(object.cleanStart);
                if (object.expiryS != null)
                    if ($Number(object.expiryS) !== 0)
                        message.expiryS = object.expiryS >>> 0;
                if (object.keepAliveS != null)
                    if ($Number(object.keepAliveS) !== 0)
                        message.keepAliveS = object.keepAliveS >>> 0;
                if (object.level != null)
                    if ($Number(object.level) !== 0)
                        message.level = object.level >>> 0;
                if (object.address != null)
                    if (typeof object.address !== "string" || object.address.length)
                        message.address = $String(object.address);
                if (object.will != null) {
                    if (!$util.isObject(object.will))
                        throw $TypeError(".twinfold.v1.Connected.will: object expected");
                    message.will = $root.twinfold.v1.Will.fromObject(object.will, _depth + 1);
                }
                if (object.edgeConnection != null)
                    if (typeof object.edgeConnection === "object" ? object.edgeConnection.low || object.edgeConnection.high : $Number(object.edgeConnection) !== 0)
                        if ($util.Long)
                            message.edgeConnection = $util.Long.fromValue(object.edgeConnection, true);
                        else if (typeof object.edgeConnection === "string")
                            message.edgeConnection = $parseInt(object.edgeConnection, 10);
                        else if (typeof object.edgeConnection === "number")
                            message.edgeConnection = object.edgeConnection;
                        else if (typeof object.edgeConnection === "object")
                            message.edgeConnection = new $util.LongBits(object.edgeConnection.low >>> 0, object.edgeConnection.high >>> 0).toNumber(true);
                return message;
            };

            Connected.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    object.cleanStart = false;
                    object.expiryS = 0;
                    object.keepAliveS = 0;
                    object.level = 0;
                    object.address = "";
                    object.will = null;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.edgeConnection = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.edgeConnection = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                }
                if (message.cleanStart != null && $Object.hasOwnProperty.call(message, "cleanStart"))
                    object.cleanStart = message.cleanStart;
                if (message.expiryS != null && $Object.hasOwnProperty.call(message, "expiryS"))
                    object.expiryS = message.expiryS;
                if (message.keepAliveS != null && $Object.hasOwnProperty.call(message, "keepAliveS"))
                    object.keepAliveS = message.keepAliveS;
                if (message.level != null && $Object.hasOwnProperty.call(message, "level"))
                    object.level = message.level;
                if (message.address != null && $Object.hasOwnProperty.call(message, "address"))
                    object.address = message.address;
                if (message.will != null && $Object.hasOwnProperty.call(message, "will"))
                    object.will = $root.twinfold.v1.Will.toObject(message.will, options, _depth + 1);
                if (message.edgeConnection != null && $Object.hasOwnProperty.call(message, "edgeConnection"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.edgeConnection = typeof message.edgeConnection === "number" ? $BigInt(message.edgeConnection) : $util.Long.fromBits(message.edgeConnection.low >>> 0, message.edgeConnection.high >>> 0, true).toBigInt();
                    else if (typeof message.edgeConnection === "number")
                        object.edgeConnection = options.longs === $String ? $String(message.edgeConnection) : message.edgeConnection;
                    else
                        object.edgeConnection = options.longs === $String ? $util.Long.prototype.toString.call(message.edgeConnection) : options.longs === $Number ? new $util.LongBits(message.edgeConnection.low >>> 0, message.edgeConnection.high >>> 0).toNumber(true) : message.edgeConnection;
                return object;
            };

            Connected.prototype.toJSON = function() {
                return Connected.toObject(this, $protobuf.util.toJSONOptions);
            };

            return Connected;
        })();

        v1.Disconnected = (function() {

            const Disconnected = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Disconnected.prototype.reason = 0;
            Disconnected.prototype.why = "";
            Disconnected.prototype.sendWill = false;
            Disconnected.prototype.expiryS = null;
            Disconnected.prototype.edgeConnection = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Disconnected.prototype.last = null;

            let $oneOfFields;

            // Virtual OneOf for proto3 optional field
            $Object.defineProperty(Disconnected.prototype, "_expiryS", {
                get: $util.oneOfGetter($oneOfFields = ["expiryS"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Disconnected.create = function(properties) {
                return new Disconnected(properties);
            };

            Disconnected.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.reason != null && $Object.hasOwnProperty.call(message, "reason") && message.reason !== 0)
                    writer.uint32(8).uint32(message.reason);
                if (message.why != null && $Object.hasOwnProperty.call(message, "why") && message.why !== "")
                    writer.uint32(18).string(message.why);
                if (message.sendWill != null && $Object.hasOwnProperty.call(message, "sendWill") && message.sendWill !== false)
                    writer.uint32(24).bool(message.sendWill);
                if (message.expiryS != null && $Object.hasOwnProperty.call(message, "expiryS"))
                    writer.uint32(32).uint32(message.expiryS);
                if (message.edgeConnection != null && $Object.hasOwnProperty.call(message, "edgeConnection") && (typeof message.edgeConnection === "object" ? message.edgeConnection.low || message.edgeConnection.high : message.edgeConnection !== 0))
                    writer.uint32(40).uint64(message.edgeConnection);
                if (message.last != null && $Object.hasOwnProperty.call(message, "last"))
                    $root.twinfold.v1.SessionChange.encode(message.last, writer.uint32(50).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Disconnected.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.Disconnected();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.reason = value;
                            else
                                delete message.reason;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.why = value;
                            else
                                delete message.why;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.sendWill = value;
                            else
                                delete message.sendWill;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            message.expiryS = reader.uint32();
                            message._expiryS = "expiryS";
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.edgeConnection = value;
                            else
                                delete message.edgeConnection;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            message.last = $root.twinfold.v1.SessionChange.decode(reader, reader.size(), $undefined, _depth + 1, message.last);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            Disconnected.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.Disconnected)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.Disconnected: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.Disconnected();
                if (object.reason != null)
                    if ($Number(object.reason) !== 0)
                        message.reason = object.reason >>> 0;
                if (object.why != null)
                    if (typeof object.why !== "string" || object.why.length)
                        message.why = $String(object.why);
                if (object.sendWill != null)
                    if (object.sendWill)
                        message.sendWill = $Boolean(object.sendWill);
                if (object.expiryS != null)
                    message.expiryS = object.expiryS >>> 0;
                if (object.edgeConnection != null)
                    if (typeof object.edgeConnection === "object" ? object.edgeConnection.low || object.edgeConnection.high : $Number(object.edgeConnection) !== 0)
                        if ($util.Long)
                            message.edgeConnection = $util.Long.fromValue(object.edgeConnection, true);
                        else if (typeof object.edgeConnection === "string")
                            message.edgeConnection = $parseInt(object.edgeConnection, 10);
                        else if (typeof object.edgeConnection === "number")
                            message.edgeConnection = object.edgeConnection;
                        else if (typeof object.edgeConnection === "object")
                            message.edgeConnection = new $util.LongBits(object.edgeConnection.low >>> 0, object.edgeConnection.high >>> 0).toNumber(true);
                if (object.last != null) {
                    if (!$util.isObject(object.last))
                        throw $TypeError(".twinfold.v1.Disconnected.last: object expected");
                    message.last = $root.twinfold.v1.SessionChange.fromObject(object.last, _depth + 1);
                }
                return message;
            };

            Disconnected.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    object.reason = 0;
                    object.why = "";
                    object.sendWill = false;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.edgeConnection = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.edgeConnection = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.last = null;
                }
                if (message.reason != null && $Object.hasOwnProperty.call(message, "reason"))
                    object.reason = message.reason;
                if (message.why != null && $Object.hasOwnProperty.call(message, "why"))
                    object.why = message.why;
                if (message.sendWill != null && $Object.hasOwnProperty.call(message, "sendWill"))
                    object.sendWill = message.sendWill;
                if (message.expiryS != null && $Object.hasOwnProperty.call(message, "expiryS"))
                    object.expiryS = message.expiryS;
                if (message.edgeConnection != null && $Object.hasOwnProperty.call(message, "edgeConnection"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.edgeConnection = typeof message.edgeConnection === "number" ? $BigInt(message.edgeConnection) : $util.Long.fromBits(message.edgeConnection.low >>> 0, message.edgeConnection.high >>> 0, true).toBigInt();
                    else if (typeof message.edgeConnection === "number")
                        object.edgeConnection = options.longs === $String ? $String(message.edgeConnection) : message.edgeConnection;
                    else
                        object.edgeConnection = options.longs === $String ? $util.Long.prototype.toString.call(message.edgeConnection) : options.longs === $Number ? new $util.LongBits(message.edgeConnection.low >>> 0, message.edgeConnection.high >>> 0).toNumber(true) : message.edgeConnection;
                if (message.last != null && $Object.hasOwnProperty.call(message, "last"))
                    object.last = $root.twinfold.v1.SessionChange.toObject(message.last, options, _depth + 1);
                return object;
            };

            Disconnected.prototype.toJSON = function() {
                return Disconnected.toObject(this, $protobuf.util.toJSONOptions);
            };

            return Disconnected;
        })();

        v1.Subscription = (function() {

            const Subscription = function (properties) {
                this.since = [];
                this.retainedSince = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Subscription.prototype.filter = "";
            Subscription.prototype.qos = 0;
            Subscription.prototype.noLocal = false;
            Subscription.prototype.retainAsPublished = false;
            Subscription.prototype.retainHandling = 0;
            Subscription.prototype.id = 0;
            Subscription.prototype.since = $util.emptyArray;
            Subscription.prototype.retainedDue = false;
            Subscription.prototype.retainedSince = $util.emptyArray;

            Subscription.create = function(properties) {
                return new Subscription(properties);
            };

            Subscription.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.filter != null && $Object.hasOwnProperty.call(message, "filter") && message.filter !== "")
                    writer.uint32(10).string(message.filter);
                if (message.qos != null && $Object.hasOwnProperty.call(message, "qos") && message.qos !== 0)
                    writer.uint32(16).uint32(message.qos);
                if (message.noLocal != null && $Object.hasOwnProperty.call(message, "noLocal") && message.noLocal !== false)
                    writer.uint32(24).bool(message.noLocal);
                if (message.retainAsPublished != null && $Object.hasOwnProperty.call(message, "retainAsPublished") && message.retainAsPublished !== false)
                    writer.uint32(32).bool(message.retainAsPublished);
                if (message.retainHandling != null && $Object.hasOwnProperty.call(message, "retainHandling") && message.retainHandling !== 0)
                    writer.uint32(40).uint32(message.retainHandling);
                if (message.id != null && $Object.hasOwnProperty.call(message, "id") && message.id !== 0)
                    writer.uint32(48).uint32(message.id);
                if (message.since != null && message.since.length)
                    writer.uint32(58).uint64s(message.since);
                if (message.retainedDue != null && $Object.hasOwnProperty.call(message, "retainedDue") && message.retainedDue !== false)
                    writer.uint32(64).bool(message.retainedDue);
                if (message.retainedSince != null && message.retainedSince.length)
                    writer.uint32(74).uint64s(message.retainedSince);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Subscription.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.Subscription();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.filter = value;
                            else
                                delete message.filter;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.qos = value;
                            else
                                delete message.qos;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.noLocal = value;
                            else
                                delete message.noLocal;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.retainAsPublished = value;
                            else
                                delete message.retainAsPublished;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.retainHandling = value;
                            else
                                delete message.retainHandling;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.id = value;
                            else
                                delete message.id;
                            continue;
                        }
                    case 7: {
                            if (wireType === 2) {
                                if (!(message.since && message.since.length))
                                    message.since = [];
                                reader.uint64s(message.since);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.since && message.since.length))
                                message.since = [];
                            message.since.push(reader.uint64());
                            continue;
                        }
                    case 8: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.retainedDue = value;
                            else
                                delete message.retainedDue;
                            continue;
                        }
                    case 9: {
                            if (wireType === 2) {
                                if (!(message.retainedSince && message.retainedSince.length))
                                    message.retainedSince = [];
                                reader.uint64s(message.retainedSince);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.retainedSince && message.retainedSince.length))
                                message.retainedSince = [];
                            message.retainedSince.push(reader.uint64());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            Subscription.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.Subscription)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.Subscription: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.Subscription();
                if (object.filter != null)
                    if (typeof object.filter !== "string" || object.filter.length)
                        message.filter = $String(object.filter);
                if (object.qos != null)
                    if ($Number(object.qos) !== 0)
                        message.qos = object.qos >>> 0;
                if (object.noLocal != null)
                    if (object.noLocal)
                        message.noLocal = $Boolean(object.noLocal);
                if (object.retainAsPublished != null)
                    if (object.retainAsPublished)
                        message.retainAsPublished = $Boolean(object.retainAsPublished);
                if (object.retainHandling != null)
                    if ($Number(object.retainHandling) !== 0)
                        message.retainHandling = object.retainHandling >>> 0;
                if (object.id != null)
                    if ($Number(object.id) !== 0)
                        message.id = object.id >>> 0;
                if (object.since) {
                    if (!$Array.isArray(object.since))
                        throw $TypeError(".twinfold.v1.Subscription.since: array expected");
                    message.since = $Array(object.since.length);
                    for (let i = 0; i < object.since.length; ++i)
                        if ($util.Long)
                            message.since[i] = $util.Long.fromValue(object.since[i], true);
                        else if (typeof object.since[i] === "string")
                            message.since[i] = $parseInt(object.since[i], 10);
                        else if (typeof object.since[i] === "number")
                            message.since[i] = object.since[i];
                        else if (typeof object.since[i] === "object")
                            message.since[i] = new $util.LongBits(object.since[i].low >>> 0, object.since[i].high >>> 0).toNumber(true);
                }
                if (object.retainedDue != null)
                    if (object.retainedDue)
                        message.retainedDue = $Boolean(object.retainedDue);
                if (object.retainedSince) {
                    if (!$Array.isArray(object.retainedSince))
                        throw $TypeError(".twinfold.v1.Subscription.retainedSince: array expected");
                    message.retainedSince = $Array(object.retainedSince.length);
                    for (let i = 0; i < object.retainedSince.length; ++i)
                        if ($util.Long)
                            message.retainedSince[i] = $util.Long.fromValue(object.retainedSince[i], true);
                        else if (typeof object.retainedSince[i] === "string")
                            message.retainedSince[i] = $parseInt(object.retainedSince[i], 10);
                        else if (typeof object.retainedSince[i] === "number")
                            message.retainedSince[i] = object.retainedSince[i];
                        else if (typeof object.retainedSince[i] === "object")
                            message.retainedSince[i] = new $util.LongBits(object.retainedSince[i].low >>> 0, object.retainedSince[i].high >>> 0).toNumber(true);
                }
                return message;
            };

            Subscription.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults) {
                    object.since = [];
                    object.retainedSince = [];
                }
                if (options.defaults) {
                    object.filter = "";
                    object.qos = 0;
                    object.noLocal = false;
                    object.retainAsPublished = false;
                    object.retainHandling = 0;
                    object.id = 0;
                    object.retainedDue = false;
                }
                if (message.filter != null && $Object.hasOwnProperty.call(message, "filter"))
                    object.filter = message.filter;
                if (message.qos != null && $Object.hasOwnProperty.call(message, "qos"))
                    object.qos = message.qos;
                if (message.noLocal != null && $Object.hasOwnProperty.call(message, "noLocal"))
                    object.noLocal = message.noLocal;
                if (message.retainAsPublished != null && $Object.hasOwnProperty.call(message, "retainAsPublished"))
                    object.retainAsPublished = message.retainAsPublished;
                if (message.retainHandling != null && $Object.hasOwnProperty.call(message, "retainHandling"))
                    object.retainHandling = message.retainHandling;
                if (message.id != null && $Object.hasOwnProperty.call(message, "id"))
                    object.id = message.id;
                if (message.since && message.since.length) {
                    object.since = $Array(message.since.length);
                    for (let j = 0; j < message.since.length; ++j)
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.since[j] = typeof message.since[j] === "number" ? $BigInt(message.since[j]) : $util.Long.fromBits(message.since[j].low >>> 0, message.since[j].high >>> 0, true).toBigInt();
                        else if (typeof message.since[j] === "number")
                            object.since[j] = options.longs === $String ? $String(message.since[j]) : message.since[j];
                        else
                            object.since[j] = options.longs === $String ? $util.Long.prototype.toString.call(message.since[j]) : options.longs === $Number ? new $util.LongBits(message.since[j].low >>> 0, message.since[j].high >>> 0).toNumber(true) : message.since[j];
                }
                if (message.retainedDue != null && $Object.hasOwnProperty.call(message, "retainedDue"))
                    object.retainedDue = message.retainedDue;
                if (message.retainedSince && message.retainedSince.length) {
                    object.retainedSince = $Array(message.retainedSince.length);
                    for (let j = 0; j < message.retainedSince.length; ++j)
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.retainedSince[j] = typeof message.retainedSince[j] === "number" ? $BigInt(message.retainedSince[j]) : $util.Long.fromBits(message.retainedSince[j].low >>> 0, message.retainedSince[j].high >>> 0, true).toBigInt();
                        else if (typeof message.retainedSince[j] === "number")
                            object.retainedSince[j] = options.longs === $String ? $String(message.retainedSince[j]) : message.retainedSince[j];
                        else
                            object.retainedSince[j] = options.longs === $String ? $util.Long.prototype.toString.call(message.retainedSince[j]) : options.longs === $Number ? new $util.LongBits(message.retainedSince[j].low >>> 0, message.retainedSince[j].high >>> 0).toNumber(true) : message.retainedSince[j];
                }
                return object;
            };

            Subscription.prototype.toJSON = function() {
                return Subscription.toObject(this, $protobuf.util.toJSONOptions);
            };

            return Subscription;
        })();

        v1.OutgoingState = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "OUTGOING_STATE_DONE"] = 0;
            values[valuesById[1] = "OUTGOING_STATE_SENT"] = 1;
            values[valuesById[2] = "OUTGOING_STATE_RELEASED"] = 2;
            return values;
        })();

        v1.Outgoing = (function() {

            const Outgoing = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Outgoing.prototype.packetId = 0;
            Outgoing.prototype.state = 0;
            Outgoing.prototype.partition = 0;
            Outgoing.prototype.place = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Outgoing.prototype.retained = false;
            Outgoing.prototype.share = 0;

            Outgoing.create = function(properties) {
                return new Outgoing(properties);
            };

            Outgoing.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.packetId != null && $Object.hasOwnProperty.call(message, "packetId") && message.packetId !== 0)
                    writer.uint32(8).uint32(message.packetId);
                if (message.state != null && $Object.hasOwnProperty.call(message, "state") && message.state !== 0)
                    writer.uint32(16).int32(message.state);
                if (message.partition != null && $Object.hasOwnProperty.call(message, "partition") && message.partition !== 0)
                    writer.uint32(24).uint32(message.partition);
                if (message.place != null && $Object.hasOwnProperty.call(message, "place") && (typeof message.place === "object" ? message.place.low || message.place.high : message.place !== 0))
                    writer.uint32(32).uint64(message.place);
                if (message.retained != null && $Object.hasOwnProperty.call(message, "retained") && message.retained !== false)
                    writer.uint32(40).bool(message.retained);
                if (message.share != null && $Object.hasOwnProperty.call(message, "share") && message.share !== 0)
                    writer.uint32(48).uint32(message.share);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Outgoing.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.Outgoing();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.packetId = value;
                            else
                                delete message.packetId;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.state = value;
                            else
                                delete message.state;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.partition = value;
                            else
                                delete message.partition;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.place = value;
                            else
                                delete message.place;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.retained = value;
                            else
                                delete message.retained;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.share = value;
                            else
                                delete message.share;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            Outgoing.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.Outgoing)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.Outgoing: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.Outgoing();
                if (object.packetId != null)
                    if ($Number(object.packetId) !== 0)
                        message.packetId = object.packetId >>> 0;
                if (object.state !== 0 && (typeof object.state !== "string" || $root.twinfold.v1.OutgoingState[object.state] !== 0))
                    switch (object.state) {
                    case "OUTGOING_STATE_DONE":
                    case 0:
                        message.state = 0;
                        break;
                    case "OUTGOING_STATE_SENT":
                    case 1:
                        message.state = 1;
                        break;
                    case "OUTGOING_STATE_RELEASED":
                    case 2:
                        message.state = 2;
                        break;
                    default:
                        if (typeof object.state === "number" && (object.state | 0) === object.state)
                            message.state = object.state;
                    }
                if (object.partition != null)
                    if ($Number(object.partition) !== 0)
                        message.partition = object.partition >>> 0;
                if (object.place != null)
                    if (typeof object.place === "object" ? object.place.low || object.place.high : $Number(object.place) !== 0)
                        if ($util.Long)
                            message.place = $util.Long.fromValue(object.place, true);
                        else if (typeof object.place === "string")
                            message.place = $parseInt(object.place, 10);
                        else if (typeof object.place === "number")
                            message.place = object.place;
                        else if (typeof object.place === "object")
                            message.place = new $util.LongBits(object.place.low >>> 0, object.place.high >>> 0).toNumber(true);
                if (object.retained != null)
                    if (object.retained)
                        message.retained = $Boolean(object.retained);
                if (object.share != null)
                    if ($Number(object.share) !== 0)
                        message.share = object.share >>> 0;
                return message;
            };

            Outgoing.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    object.packetId = 0;
                    object.state = options.enums === $String ? "OUTGOING_STATE_DONE" : 0;
                    object.partition = 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.place = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.place = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.retained = false;
                    object.share = 0;
                }
                if (message.packetId != null && $Object.hasOwnProperty.call(message, "packetId"))
                    object.packetId = message.packetId;
                if (message.state != null && $Object.hasOwnProperty.call(message, "state"))
                    object.state = options.enums === $String ? $root.twinfold.v1.OutgoingState[message.state] === $undefined ? message.state : $root.twinfold.v1.OutgoingState[message.state] : message.state;
                if (message.partition != null && $Object.hasOwnProperty.call(message, "partition"))
                    object.partition = message.partition;
                if (message.place != null && $Object.hasOwnProperty.call(message, "place"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.place = typeof message.place === "number" ? $BigInt(message.place) : $util.Long.fromBits(message.place.low >>> 0, message.place.high >>> 0, true).toBigInt();
                    else if (typeof message.place === "number")
                        object.place = options.longs === $String ? $String(message.place) : message.place;
                    else
                        object.place = options.longs === $String ? $util.Long.prototype.toString.call(message.place) : options.longs === $Number ? new $util.LongBits(message.place.low >>> 0, message.place.high >>> 0).toNumber(true) : message.place;
                if (message.retained != null && $Object.hasOwnProperty.call(message, "retained"))
                    object.retained = message.retained;
                if (message.share != null && $Object.hasOwnProperty.call(message, "share"))
                    object.share = message.share;
                return object;
            };

            Outgoing.prototype.toJSON = function() {
                return Outgoing.toObject(this, $protobuf.util.toJSONOptions);
            };

            return Outgoing;
        })();

        v1.InFlight = (function() {

            const InFlight = function (properties) {
                this.packetId = [];
                this.partition = [];
                this.place = [];
                this.reached = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            InFlight.prototype.lastPacketId = 0;
            InFlight.prototype.packetId = $util.emptyArray;
            InFlight.prototype.partition = $util.emptyArray;
            InFlight.prototype.place = $util.emptyArray;
            InFlight.prototype.reached = $util.emptyArray;

            InFlight.create = function(properties) {
                return new InFlight(properties);
            };

            InFlight.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.lastPacketId != null && $Object.hasOwnProperty.call(message, "lastPacketId") && message.lastPacketId !== 0)
                    writer.uint32(8).uint32(message.lastPacketId);
                if (message.packetId != null && message.packetId.length)
                    writer.uint32(18).uint32s(message.packetId);
                if (message.partition != null && message.partition.length)
                    writer.uint32(26).uint32s(message.partition);
                if (message.place != null && message.place.length)
                    writer.uint32(34).uint64s(message.place);
                if (message.reached != null && message.reached.length)
                    writer.uint32(42).uint64s(message.reached);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            InFlight.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.InFlight();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.lastPacketId = value;
                            else
                                delete message.lastPacketId;
                            continue;
                        }
                    case 2: {
                            if (wireType === 2) {
                                if (!(message.packetId && message.packetId.length))
                                    message.packetId = [];
                                reader.uint32s(message.packetId);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.packetId && message.packetId.length))
                                message.packetId = [];
                            message.packetId.push(reader.uint32());
                            continue;
                        }
                    case 3: {
                            if (wireType === 2) {
                                if (!(message.partition && message.partition.length))
                                    message.partition = [];
                                reader.uint32s(message.partition);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.partition && message.partition.length))
                                message.partition = [];
                            message.partition.push(reader.uint32());
                            continue;
                        }
                    case 4: {
                            if (wireType === 2) {
                                if (!(message.place && message.place.length))
                                    message.place = [];
                                reader.uint64s(message.place);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.place && message.place.length))
                                message.place = [];
                            message.place.push(reader.uint64());
                            continue;
                        }
                    case 5: {
                            if (wireType === 2) {
                                if (!(message.reached && message.reached.length))
                                    message.reached = [];
                                reader.uint64s(message.reached);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.reached && message.reached.length))
                                message.reached = [];
                            message.reached.push(reader.uint64());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            InFlight.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.InFlight)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.InFlight: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.InFlight();
                if (object.lastPacketId != null)
                    if ($Number(object.lastPacketId) !== 0)
                        message.lastPacketId = object.lastPacketId >>> 0;
                if (object.packetId) {
                    if (!$Array.isArray(object.packetId))
                        throw $TypeError(".twinfold.v1.InFlight.packetId: array expected");
                    message.packetId = $Array(object.packetId.length);
                    for (let i = 0; i < object.packetId.length; ++i)
                        message.packetId[i] = object.packetId[i] >>> 0;
                }
                if (object.partition) {
                    if (!$Array.isArray(object.partition))
                        throw $TypeError(".twinfold.v1.InFlight.partition: array expected");
                    message.partition = $Array(object.partition.length);
                    for (let i = 0; i < object.partition.length; ++i)
                        message.partition[i] = object.partition[i] >>> 0;
                }
                if (object.place) {
                    if (!$Array.isArray(object.place))
                        throw $TypeError(".twinfold.v1.InFlight.place: array expected");
                    message.place = $Array(object.place.length);
                    for (let i = 0; i < object.place.length; ++i)
                        if ($util.Long)
                            message.place[i] = $util.Long.fromValue(object.place[i], true);
                        else if (typeof object.place[i] === "string")
                            message.place[i] = $parseInt(object.place[i], 10);
                        else if (typeof object.place[i] === "number")
                            message.place[i] = object.place[i];
                        else if (typeof object.place[i] === "object")
                            message.place[i] = new $util.LongBits(object.place[i].low >>> 0, object.place[i].high >>> 0).toNumber(true);
                }
                if (object.reached) {
                    if (!$Array.isArray(object.reached))
                        throw $TypeError(".twinfold.v1.InFlight.reached: array expected");
                    message.reached = $Array(object.reached.length);
                    for (let i = 0; i < object.reached.length; ++i)
                        if ($util.Long)
                            message.reached[i] = $util.Long.fromValue(object.reached[i], true);
                        else if (typeof object.reached[i] === "string")
                            message.reached[i] = $parseInt(object.reached[i], 10);
                        else if (typeof object.reached[i] === "number")
                            message.reached[i] = object.reached[i];
                        else if (typeof object.reached[i] === "object")
                            message.reached[i] = new $util.LongBits(object.reached[i].low >>> 0, object.reached[i].high >>> 0).toNumber(true);
                }
                return message;
            };

            InFlight.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults) {
                    object.packetId = [];
                    object.partition = [];
                    object.place = [];
                    object.reached = [];
                }
                if (options.defaults)
                    object.lastPacketId = 0;
                if (message.lastPacketId != null && $Object.hasOwnProperty.call(message, "lastPacketId"))
                    object.lastPacketId = message.lastPacketId;
                if (message.packetId && message.packetId.length) {
                    object.packetId = $Array(message.packetId.length);
                    for (let j = 0; j < message.packetId.length; ++j)
                        object.packetId[j] = message.packetId[j];
                }
                if (message.partition && message.partition.length) {
                    object.partition = $Array(message.partition.length);
                    for (let j = 0; j < message.partition.length; ++j)
                        object.partition[j] = message.partition[j];
                }
                if (message.place && message.place.length) {
                    object.place = $Array(message.place.length);
                    for (let j = 0; j < message.place.length; ++j)
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.place[j] = typeof message.place[j] === "number" ? $BigInt(message.place[j]) : $util.Long.fromBits(message.place[j].low >>> 0, message.place[j].high >>> 0, true).toBigInt();
                        else if (typeof message.place[j] === "number")
                            object.place[j] = options.longs === $String ? $String(message.place[j]) : message.place[j];
                        else
                            object.place[j] = options.longs === $String ? $util.Long.prototype.toString.call(message.place[j]) : options.longs === $Number ? new $util.LongBits(message.place[j].low >>> 0, message.place[j].high >>> 0).toNumber(true) : message.place[j];
                }
                if (message.reached && message.reached.length) {
                    object.reached = $Array(message.reached.length);
                    for (let j = 0; j < message.reached.length; ++j)
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.reached[j] = typeof message.reached[j] === "number" ? $BigInt(message.reached[j]) : $util.Long.fromBits(message.reached[j].low >>> 0, message.reached[j].high >>> 0, true).toBigInt();
                        else if (typeof message.reached[j] === "number")
                            object.reached[j] = options.longs === $String ? $String(message.reached[j]) : message.reached[j];
                        else
                            object.reached[j] = options.longs === $String ? $util.Long.prototype.toString.call(message.reached[j]) : options.longs === $Number ? new $util.LongBits(message.reached[j].low >>> 0, message.reached[j].high >>> 0).toNumber(true) : message.reached[j];
                }
                return object;
            };

            InFlight.prototype.toJSON = function() {
                return InFlight.toObject(this, $protobuf.util.toJSONOptions);
            };

            return InFlight;
        })();

        v1.SessionChange = (function() {

            const SessionChange = function (properties) {
                this.subscribed = [];
                this.unsubscribed = [];
                this.released = [];
                this.cursor = [];
                this.outgoing = [];
                this.viewCursor = [];
                this.retainedGiven = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            SessionChange.prototype.subscribed = $util.emptyArray;
            SessionChange.prototype.unsubscribed = $util.emptyArray;
            SessionChange.prototype.released = $util.emptyArray;
            SessionChange.prototype.cursor = $util.emptyArray;
            SessionChange.prototype.outgoing = $util.emptyArray;
            SessionChange.prototype.viewCursor = $util.emptyArray;
            SessionChange.prototype.inFlight = null;
            SessionChange.prototype.retainedGiven = $util.emptyArray;

            SessionChange.create = function(properties) {
                return new SessionChange(properties);
            };

            SessionChange.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.subscribed != null && message.subscribed.length)
                    for (let i = 0; i < message.subscribed.length; ++i)
                        $root.twinfold.v1.Subscription.encode(message.subscribed[i], writer.uint32(10).fork(), _depth + 1).ldelim();
                if (message.unsubscribed != null && message.unsubscribed.length)
                    for (let i = 0; i < message.unsubscribed.length; ++i)
                        writer.uint32(18).string(message.unsubscribed[i]);
                if (message.released != null && message.released.length)
                    writer.uint32(26).uint32s(message.released);
                if (message.cursor != null && message.cursor.length)
                    writer.uint32(34).uint64s(message.cursor);
                if (message.outgoing != null && message.outgoing.length)
                    for (let i = 0; i < message.outgoing.length; ++i)
                        $root.twinfold.v1.Outgoing.encode(message.outgoing[i], writer.uint32(42).fork(), _depth + 1).ldelim();
                if (message.viewCursor != null && message.viewCursor.length)
                    writer.uint32(50).uint64s(message.viewCursor);
                if (message.inFlight != null && $Object.hasOwnProperty.call(message, "inFlight"))
                    $root.twinfold.v1.InFlight.encode(message.inFlight, writer.uint32(58).fork(), _depth + 1).ldelim();
                if (message.retainedGiven != null && message.retainedGiven.length)
                    for (let i = 0; i < message.retainedGiven.length; ++i)
                        writer.uint32(66).string(message.retainedGiven[i]);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            SessionChange.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.SessionChange();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.subscribed && message.subscribed.length))
                                message.subscribed = [];
                            message.subscribed.push($root.twinfold.v1.Subscription.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.unsubscribed && message.unsubscribed.length))
                                message.unsubscribed = [];
                            message.unsubscribed.push(reader.stringVerify());
                            continue;
                        }
                    case 3: {
                            if (wireType === 2) {
                                if (!(message.released && message.released.length))
                                    message.released = [];
                                reader.uint32s(message.released);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.released && message.released.length))
                                message.released = [];
                            message.released.push(reader.uint32());
                            continue;
                        }
                    case 4: {
                            if (wireType === 2) {
                                if (!(message.cursor && message.cursor.length))
                                    message.cursor = [];
                                reader.uint64s(message.cursor);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.cursor && message.cursor.length))
                                message.cursor = [];
                            message.cursor.push(reader.uint64());
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if (!(message.outgoing && message.outgoing.length))
                                message.outgoing = [];
                            message.outgoing.push($root.twinfold.v1.Outgoing.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 6: {
                            if (wireType === 2) {
                                if (!(message.viewCursor && message.viewCursor.length))
                                    message.viewCursor = [];
                                reader.uint64s(message.viewCursor);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.viewCursor && message.viewCursor.length))
                                message.viewCursor = [];
                            message.viewCursor.push(reader.uint64());
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.inFlight = $root.twinfold.v1.InFlight.decode(reader, reader.size(), $undefined, _depth + 1, message.inFlight);
                            continue;
                        }
                    case 8: {
                            if (wireType !== 2)
                                break;
                            if (!(message.retainedGiven && message.retainedGiven.length))
                                message.retainedGiven = [];
                            message.retainedGiven.push(reader.stringVerify());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            SessionChange.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.SessionChange)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.SessionChange: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.SessionChange();
                if (object.subscribed) {
                    if (!$Array.isArray(object.subscribed))
                        throw $TypeError(".twinfold.v1.SessionChange.subscribed: array expected");
                    message.subscribed = $Array(object.subscribed.length);
                    for (let i = 0; i < object.subscribed.length; ++i) {
                        if (!$util.isObject(object.subscribed[i]))
                            throw $TypeError(".twinfold.v1.SessionChange.subscribed: object expected");
                        message.subscribed[i] = $root.twinfold.v1.Subscription.fromObject(object.subscribed[i], _depth + 1);
                    }
                }
                if (object.unsubscribed) {
                    if (!$Array.isArray(object.unsubscribed))
                        throw $TypeError(".twinfold.v1.SessionChange.unsubscribed: array expected");
                    message.unsubscribed = $Array(object.unsubscribed.length);
                    for (let i = 0; i < object.unsubscribed.length; ++i)
                        message.unsubscribed[i] = $String(object.unsubscribed[i]);
                }
                if (object.released) {
                    if (!$Array.isArray(object.released))
                        throw $TypeError(".twinfold.v1.SessionChange.released: array expected");
                    message.released = $Array(object.released.length);
                    for (let i = 0; i < object.released.length; ++i)
                        message.released[i] = object.released[i] >>> 0;
                }
                if (object.cursor) {
                    if (!$Array.isArray(object.cursor))
                        throw $TypeError(".twinfold.v1.SessionChange.cursor: array expected");
                    message.cursor = $Array(object.cursor.length);
                    for (let i = 0; i < object.cursor.length; ++i)
                        if ($util.Long)
                            message.cursor[i] = $util.Long.fromValue(object.cursor[i], true);
                        else if (typeof object.cursor[i] === "string")
                            message.cursor[i] = $parseInt(object.cursor[i], 10);
                        else if (typeof object.cursor[i] === "number")
                            message.cursor[i] = object.cursor[i];
                        else if (typeof object.cursor[i] === "object")
                            message.cursor[i] = new $util.LongBits(object.cursor[i].low >>> 0, object.cursor[i].high >>> 0).toNumber(true);
                }
                if (object.outgoing) {
                    if (!$Array.isArray(object.outgoing))
                        throw $TypeError(".twinfold.v1.SessionChange.outgoing: array expected");
                    message.outgoing = $Array(object.outgoing.length);
                    for (let i = 0; i < object.outgoing.length; ++i) {
                        if (!$util.isObject(object.outgoing[i]))
                            throw $TypeError(".twinfold.v1.SessionChange.outgoing: object expected");
                        message.outgoing[i] = $root.twinfold.v1.Outgoing.fromObject(object.outgoing[i], _depth + 1);
                    }
                }
                if (object.viewCursor) {
                    if (!$Array.isArray(object.viewCursor))
                        throw $TypeError(".twinfold.v1.SessionChange.viewCursor: array expected");
                    message.viewCursor = $Array(object.viewCursor.length);
                    for (let i = 0; i < object.viewCursor.length; ++i)
                        if ($util.Long)
                            message.viewCursor[i] = $util.Long.fromValue(object.viewCursor[i], true);
                        else if (typeof object.viewCursor[i] === "string")
                            message.viewCursor[i] = $parseInt(object.viewCursor[i], 10);
                        else if (typeof object.viewCursor[i] === "number")
                            message.viewCursor[i] = object.viewCursor[i];
                        else if (typeof object.viewCursor[i] === "object")
                            message.viewCursor[i] = new $util.LongBits(object.viewCursor[i].low >>> 0, object.viewCursor[i].high >>> 0).toNumber(true);
                }
                if (object.inFlight != null) {
                    if (!$util.isObject(object.inFlight))
                        throw $TypeError(".twinfold.v1.SessionChange.inFlight: object expected");
                    message.inFlight = $root.twinfold.v1.InFlight.fromObject(object.inFlight, _depth + 1);
                }
                if (object.retainedGiven) {
                    if (!$Array.isArray(object.retainedGiven))
                        throw $TypeError(".twinfold.v1.SessionChange.retainedGiven: array expected");
                    message.retainedGiven = $Array(object.retainedGiven.length);
                    for (let i = 0; i < object.retainedGiven.length; ++i)
                        message.retainedGiven[i] = $String(object.retainedGiven[i]);
                }
                return message;
            };

            SessionChange.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults) {
                    object.subscribed = [];
                    object.unsubscribed = [];
                    object.released = [];
                    object.cursor = [];
                    object.outgoing = [];
                    object.viewCursor = [];
                    object.retainedGiven = [];
                }
                if (options.defaults)
                    object.inFlight = null;
                if (message.subscribed && message.subscribed.length) {
                    object.subscribed = $Array(message.subscribed.length);
                    for (let j = 0; j < message.subscribed.length; ++j)
                        object.subscribed[j] = $root.twinfold.v1.Subscription.toObject(message.subscribed[j], options, _depth + 1);
                }
                if (message.unsubscribed && message.unsubscribed.length) {
                    object.unsubscribed = $Array(message.unsubscribed.length);
                    for (let j = 0; j < message.unsubscribed.length; ++j)
                        object.unsubscribed[j] = message.unsubscribed[j];
                }
                if (message.released && message.released.length) {
                    object.released = $Array(message.released.length);
                    for (let j = 0; j < message.released.length; ++j)
                        object.released[j] = message.released[j];
                }
                if (message.cursor && message.cursor.length) {
                    object.cursor = $Array(message.cursor.length);
                    for (let j = 0; j < message.cursor.length; ++j)
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.cursor[j] = typeof message.cursor[j] === "number" ? $BigInt(message.cursor[j]) : $util.Long.fromBits(message.cursor[j].low >>> 0, message.cursor[j].high >>> 0, true).toBigInt();
                        else if (typeof message.cursor[j] === "number")
                            object.cursor[j] = options.longs === $String ? $String(message.cursor[j]) : message.cursor[j];
                        else
                            object.cursor[j] = options.longs === $String ? $util.Long.prototype.toString.call(message.cursor[j]) : options.longs === $Number ? new $util.LongBits(message.cursor[j].low >>> 0, message.cursor[j].high >>> 0).toNumber(true) : message.cursor[j];
                }
                if (message.outgoing && message.outgoing.length) {
                    object.outgoing = $Array(message.outgoing.length);
                    for (let j = 0; j < message.outgoing.length; ++j)
                        object.outgoing[j] = $root.twinfold.v1.Outgoing.toObject(message.outgoing[j], options, _depth + 1);
                }
                if (message.viewCursor && message.viewCursor.length) {
                    object.viewCursor = $Array(message.viewCursor.length);
                    for (let j = 0; j < message.viewCursor.length; ++j)
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.viewCursor[j] = typeof message.viewCursor[j] === "number" ? $BigInt(message.viewCursor[j]) : $util.Long.fromBits(message.viewCursor[j].low >>> 0, message.viewCursor[j].high >>> 0, true).toBigInt();
                        else if (typeof message.viewCursor[j] === "number")
                            object.viewCursor[j] = options.longs === $String ? $String(message.viewCursor[j]) : message.viewCursor[j];
                        else
                            object.viewCursor[j] = options.longs === $String ? $util.Long.prototype.toString.call(message.viewCursor[j]) : options.longs === $Number ? new $util.LongBits(message.viewCursor[j].low >>> 0, message.viewCursor[j].high >>> 0).toNumber(true) : message.viewCursor[j];
                }
                if (message.inFlight != null && $Object.hasOwnProperty.call(message, "inFlight"))
                    object.inFlight = $root.twinfold.v1.InFlight.toObject(message.inFlight, options, _depth + 1);
                if (message.retainedGiven && message.retainedGiven.length) {
                    object.retainedGiven = $Array(message.retainedGiven.length);
                    for (let j = 0; j < message.retainedGiven.length; ++j)
                        object.retainedGiven[j] = message.retainedGiven[j];
                }
                return object;
            };

            SessionChange.prototype.toJSON = function() {
                return SessionChange.toObject(this, $protobuf.util.toJSONOptions);
            };

            return SessionChange;
        })();

        v1.SessionState = (function() {

            const SessionState = function (properties) {
                this.subscriptions = [];
                this.received = [];
                this.cursor = [];
                this.outgoing = [];
                this.viewCursor = [];
                this.recentConnectsMs = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            SessionState.prototype.tenant = "";
            SessionState.prototype.session = "";
            SessionState.prototype.device = "";
            SessionState.prototype.connection = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            SessionState.prototype.connected = false;
            SessionState.prototype.edgeEpoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            SessionState.prototype.edgeConnection = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            SessionState.prototype.connectedMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            SessionState.prototype.disconnectedMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            SessionState.prototype.expiryS = 0;
            SessionState.prototype.keepAliveS = 0;
            SessionState.prototype.level = 0;
            SessionState.prototype.address = "";
            SessionState.prototype.gateway = "";
            SessionState.prototype.will = null;
            SessionState.prototype.subscriptions = $util.emptyArray;
            SessionState.prototype.received = $util.emptyArray;
            SessionState.prototype.cursor = $util.emptyArray;
            SessionState.prototype.outgoing = $util.emptyArray;
            SessionState.prototype.viewCursor = $util.emptyArray;
            SessionState.prototype.resumed = false;
            SessionState.prototype.previousConnection = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            SessionState.prototype.previousEdgeEpoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            SessionState.prototype.orphaned = false;
            SessionState.prototype.recentConnectsMs = $util.emptyArray;
            SessionState.prototype.disconnectReason = 0;
            SessionState.prototype.disconnectWhy = "";
            SessionState.prototype.firstConnection = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            SessionState.prototype.cause = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            SessionState.prototype.edge = "";
            SessionState.prototype.via = 0;
            SessionState.prototype.inFlight = null;
            SessionState.prototype.parted = false;

            SessionState.create = function(properties) {
                return new SessionState(properties);
            };

            SessionState.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.tenant != null && $Object.hasOwnProperty.call(message, "tenant") && message.tenant !== "")
                    writer.uint32(10).string(message.tenant);
                if (message.session != null && $Object.hasOwnProperty.call(message, "session") && message.session !== "")
                    writer.uint32(18).string(message.session);
                if (message.device != null && $Object.hasOwnProperty.call(message, "device") && message.device !== "")
                    writer.uint32(26).string(message.device);
                if (message.connection != null && $Object.hasOwnProperty.call(message, "connection") && (typeof message.connection === "object" ? message.connection.low || message.connection.high : message.connection !== 0))
                    writer.uint32(32).uint64(message.connection);
                if (message.connected != null && $Object.hasOwnProperty.call(message, "connected") && message.connected !== false)
                    writer.uint32(40).bool(message.connected);
                if (message.edgeEpoch != null && $Object.hasOwnProperty.call(message, "edgeEpoch") && (typeof message.edgeEpoch === "object" ? message.edgeEpoch.low || message.edgeEpoch.high : message.edgeEpoch !== 0))
                    writer.uint32(48).uint64(message.edgeEpoch);
                if (message.edgeConnection != null && $Object.hasOwnProperty.call(message, "edgeConnection") && (typeof message.edgeConnection === "object" ? message.edgeConnection.low || message.edgeConnection.high : message.edgeConnection !== 0))
                    writer.uint32(56).uint64(message.edgeConnection);
                if (message.connectedMs != null && $Object.hasOwnProperty.call(message, "connectedMs") && (typeof message.connectedMs === "object" ? message.connectedMs.low || message.connectedMs.high : message.connectedMs !== 0))
                    writer.uint32(64).uint64(message.connectedMs);
                if (message.disconnectedMs != null && $Object.hasOwnProperty.call(message, "disconnectedMs") && (typeof message.disconnectedMs === "object" ? message.disconnectedMs.low || message.disconnectedMs.high : message.disconnectedMs !== 0))
                    writer.uint32(72).uint64(message.disconnectedMs);
                if (message.expiryS != null && $Object.hasOwnProperty.call(message, "expiryS") && message.expiryS !== 0)
                    writer.uint32(80).uint32(message.expiryS);
                if (message.keepAliveS != null && $Object.hasOwnProperty.call(message, "keepAliveS") && message.keepAliveS !== 0)
                    writer.uint32(88).uint32(message.keepAliveS);
                if (message.level != null && $Object.hasOwnProperty.call(message, "level") && message.level !== 0)
                    writer.uint32(96).uint32(message.level);
                if (message.address != null && $Object.hasOwnProperty.call(message, "address") && message.address !== "")
                    writer.uint32(106).string(message.address);
                if (message.gateway != null && $Object.hasOwnProperty.call(message, "gateway") && message.gateway !== "")
                    writer.uint32(114).string(message.gateway);
                if (message.will != null && $Object.hasOwnProperty.call(message, "will"))
                    $root.twinfold.v1.Will.encode(message.will, writer.uint32(122).fork(), _depth + 1).ldelim();
                if (message.subscriptions != null && message.subscriptions.length)
                    for (let i = 0; i < message.subscriptions.length; ++i)
                        $root.twinfold.v1.Subscription.encode(message.subscriptions[i], writer.uint32(130).fork(), _depth + 1).ldelim();
                if (message.received != null && message.received.length)
                    writer.uint32(138).uint32s(message.received);
                if (message.cursor != null && message.cursor.length)
                    writer.uint32(146).uint64s(message.cursor);
                if (message.outgoing != null && message.outgoing.length)
                    for (let i = 0; i < message.outgoing.length; ++i)
                        $root.twinfold.v1.Outgoing.encode(message.outgoing[i], writer.uint32(154).fork(), _depth + 1).ldelim();
                if (message.viewCursor != null && message.viewCursor.length)
                    writer.uint32(162).uint64s(message.viewCursor);
                if (message.resumed != null && $Object.hasOwnProperty.call(message, "resumed") && message.resumed !== false)
                    writer.uint32(168).bool(message.resumed);
                if (message.previousConnection != null && $Object.hasOwnProperty.call(message, "previousConnection") && (typeof message.previousConnection === "object" ? message.previousConnection.low || message.previousConnection.high : message.previousConnection !== 0))
                    writer.uint32(176).uint64(message.previousConnection);
                if (message.previousEdgeEpoch != null && $Object.hasOwnProperty.call(message, "previousEdgeEpoch") && (typeof message.previousEdgeEpoch === "object" ? message.previousEdgeEpoch.low || message.previousEdgeEpoch.high : message.previousEdgeEpoch !== 0))
                    writer.uint32(184).uint64(message.previousEdgeEpoch);
                if (message.orphaned != null && $Object.hasOwnProperty.call(message, "orphaned") && message.orphaned !== false)
                    writer.uint32(192).bool(message.orphaned);
                if (message.recentConnectsMs != null && message.recentConnectsMs.length)
                    writer.uint32(202).uint64s(message.recentConnectsMs);
                if (message.disconnectReason != null && $Object.hasOwnProperty.call(message, "disconnectReason") && message.disconnectReason !== 0)
                    writer.uint32(208).uint32(message.disconnectReason);
                if (message.disconnectWhy != null && $Object.hasOwnProperty.call(message, "disconnectWhy") && message.disconnectWhy !== "")
                    writer.uint32(218).string(message.disconnectWhy);
                if (message.firstConnection != null && $Object.hasOwnProperty.call(message, "firstConnection") && (typeof message.firstConnection === "object" ? message.firstConnection.low || message.firstConnection.high : message.firstConnection !== 0))
                    writer.uint32(224).uint64(message.firstConnection);
                if (message.cause != null && $Object.hasOwnProperty.call(message, "cause") && (typeof message.cause === "object" ? message.cause.low || message.cause.high : message.cause !== 0))
                    writer.uint32(232).uint64(message.cause);
                if (message.edge != null && $Object.hasOwnProperty.call(message, "edge") && message.edge !== "")
                    writer.uint32(242).string(message.edge);
                if (message.via != null && $Object.hasOwnProperty.call(message, "via") && message.via !== 0)
                    writer.uint32(248).int32(message.via);
                if (message.inFlight != null && $Object.hasOwnProperty.call(message, "inFlight"))
                    $root.twinfold.v1.InFlight.encode(message.inFlight, writer.uint32(258).fork(), _depth + 1).ldelim();
                if (message.parted != null && $Object.hasOwnProperty.call(message, "parted") && message.parted !== false)
                    writer.uint32(264).bool(message.parted);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            SessionState.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.SessionState();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.tenant = value;
                            else
                                delete message.tenant;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.session = value;
                            else
                                delete message.session;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.device = value;
                            else
                                delete message.device;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.connection = value;
                            else
                                delete message.connection;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.connected = value;
                            else
                                delete message.connected;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.edgeEpoch = value;
                            else
                                delete message.edgeEpoch;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.edgeConnection = value;
                            else
                                delete message.edgeConnection;
                            continue;
                        }
                    case 8: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.connectedMs = value;
                            else
                                delete message.connectedMs;
                            continue;
                        }
                    case 9: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.disconnectedMs = value;
                            else
                                delete message.disconnectedMs;
                            continue;
                        }
                    case 10: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.expiryS = value;
                            else
                                delete message.expiryS;
                            continue;
                        }
                    case 11: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.keepAliveS = value;
                            else
                                delete message.keepAliveS;
                            continue;
                        }
                    case 12: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.level = value;
                            else
                                delete message.level;
                            continue;
                        }
                    case 13: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.address = value;
                            else
                                delete message.address;
                            continue;
                        }
                    case 14: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.gateway = value;
                            else
                                delete message.gateway;
                            continue;
                        }
                    case 15: {
                            if (wireType !== 2)
                                break;
                            message.will = $root.twinfold.v1.Will.decode(reader, reader.size(), $undefined, _depth + 1, message.will);
                            continue;
                        }
                    case 16: {
                            if (wireType !== 2)
                                break;
                            if (!(message.subscriptions && message.subscriptions.length))
                                message.subscriptions = [];
                            message.subscriptions.push($root.twinfold.v1.Subscription.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 17: {
                            if (wireType === 2) {
                                if (!(message.received && message.received.length))
                                    message.received = [];
                                reader.uint32s(message.received);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.received && message.received.length))
                                message.received = [];
                            message.received.push(reader.uint32());
                            continue;
                        }
                    case 18: {
                            if (wireType === 2) {
                                if (!(message.cursor && message.cursor.length))
                                    message.cursor = [];
                                reader.uint64s(message.cursor);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.cursor && message.cursor.length))
                                message.cursor = [];
                            message.cursor.push(reader.uint64());
                            continue;
                        }
                    case 19: {
                            if (wireType !== 2)
                                break;
                            if (!(message.outgoing && message.outgoing.length))
                                message.outgoing = [];
                            message.outgoing.push($root.twinfold.v1.Outgoing.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 20: {
                            if (wireType === 2) {
                                if (!(message.viewCursor && message.viewCursor.length))
                                    message.viewCursor = [];
                                reader.uint64s(message.viewCursor);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.viewCursor && message.viewCursor.length))
                                message.viewCursor = [];
                            message.viewCursor.push(reader.uint64());
                            continue;
                        }
                    case 21: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.resumed = value;
                            else
                                delete message.resumed;
                            continue;
                        }
                    case 22: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.previousConnection = value;
                            else
                                delete message.previousConnection;
                            continue;
                        }
                    case 23: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.previousEdgeEpoch = value;
                            else
                                delete message.previousEdgeEpoch;
                            continue;
                        }
                    case 24: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.orphaned = value;
                            else
                                delete message.orphaned;
                            continue;
                        }
                    case 25: {
                            if (wireType === 2) {
                                if (!(message.recentConnectsMs && message.recentConnectsMs.length))
                                    message.recentConnectsMs = [];
                                reader.uint64s(message.recentConnectsMs);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.recentConnectsMs && message.recentConnectsMs.length))
                                message.recentConnectsMs = [];
                            message.recentConnectsMs.push(reader.uint64());
                            continue;
                        }
                    case 26: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.disconnectReason = value;
                            else
                                delete message.disconnectReason;
                            continue;
                        }
                    case 27: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.disconnectWhy = value;
                            else
                                delete message.disconnectWhy;
                            continue;
                        }
                    case 28: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.firstConnection = value;
                            else
                                delete message.firstConnection;
                            continue;
                        }
                    case 29: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.cause = value;
                            else
                                delete message.cause;
                            continue;
                        }
                    case 30: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.edge = value;
                            else
                                delete message.edge;
                            continue;
                        }
                    case 31: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.via = value;
                            else
                                delete message.via;
                            continue;
                        }
                    case 32: {
                            if (wireType !== 2)
                                break;
                            message.inFlight = $root.twinfold.v1.InFlight.decode(reader, reader.size(), $undefined, _depth + 1, message.inFlight);
                            continue;
                        }
                    case 33: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.bool())
                                message.parted = value;
                            else
                                delete message.parted;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            SessionState.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.SessionState)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.SessionState: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.SessionState();
                if (object.tenant != null)
                    if (typeof object.tenant !== "string" || object.tenant.length)
                        message.tenant = $String(object.tenant);
                if (object.session != null)
                    if (typeof object.session !== "string" || object.session.length)
                        message.session = $String(object.session);
                if (object.device != null)
                    if (typeof object.device !== "string" || object.device.length)
                        message.device = $String(object.device);
                if (object.connection != null)
                    if (typeof object.connection === "object" ? object.connection.low || object.connection.high : $Number(object.connection) !== 0)
                        if ($util.Long)
                            message.connection = $util.Long.fromValue(object.connection, true);
                        else if (typeof object.connection === "string")
                            message.connection = $parseInt(object.connection, 10);
                        else if (typeof object.connection === "number")
                            message.connection = object.connection;
                        else if (typeof object.connection === "object")
                            message.connection = new $util.LongBits(object.connection.low >>> 0, object.connection.high >>> 0).toNumber(true);
                if (object.connected != null)
                    if (object.connected)
                        message.connected = $Boolean(object.connected);
                if (object.edgeEpoch != null)
                    if (typeof object.edgeEpoch === "object" ? object.edgeEpoch.low || object.edgeEpoch.high : $Number(object.edgeEpoch) !== 0)
                        if ($util.Long)
                            message.edgeEpoch = $util.Long.fromValue(object.edgeEpoch, true);
                        else if (typeof object.edgeEpoch === "string")
                            message.edgeEpoch = $parseInt(object.edgeEpoch, 10);
                        else if (typeof object.edgeEpoch === "number")
                            message.edgeEpoch = object.edgeEpoch;
                        else if (typeof object.edgeEpoch === "object")
                            message.edgeEpoch = new $util.LongBits(object.edgeEpoch.low >>> 0, object.edgeEpoch.high >>> 0).toNumber(true);
                if (object.edgeConnection != null)
                    if (typeof object.edgeConnection === "object" ? object.edgeConnection.low || object.edgeConnection.high : $Number(object.edgeConnection) !== 0)
                        if ($util.Long)
                            message.edgeConnection = $util.Long.fromValue(object.edgeConnection, true);
                        else if (typeof object.edgeConnection === "string")
                            message.edgeConnection = $parseInt(object.edgeConnection, 10);
                        else if (typeof object.edgeConnection === "number")
                            message.edgeConnection = object.edgeConnection;
                        else if (typeof object.edgeConnection === "object")
                            message.edgeConnection = new $util.LongBits(object.edgeConnection.low >>> 0, object.edgeConnection.high >>> 0).toNumber(true);
                if (object.connectedMs != null)
                    if (typeof object.connectedMs === "object" ? object.connectedMs.low || object.connectedMs.high : $Number(object.connectedMs) !== 0)
                        if ($util.Long)
                            message.connectedMs = $util.Long.fromValue(object.connectedMs, true);
                        else if (typeof object.connectedMs === "string")
                            message.connectedMs = $parseInt(object.connectedMs, 10);
                        else if (typeof object.connectedMs === "number")
                            message.connectedMs = object.connectedMs;
                        else if (typeof object.connectedMs === "object")
                            message.connectedMs = new $util.LongBits(object.connectedMs.low >>> 0, object.connectedMs.high >>> 0).toNumber(true);
                if (object.disconnectedMs != null)
                    if (typeof object.disconnectedMs === "object" ? object.disconnectedMs.low || object.disconnectedMs.high : $Number(object.disconnectedMs) !== 0)
                        if ($util.Long)
                            message.disconnectedMs = $util.Long.fromValue(object.disconnectedMs, true);
                        else if (typeof object.disconnectedMs === "string")
                            message.disconnectedMs = $parseInt(object.disconnectedMs, 10);
                        else if (typeof object.disconnectedMs === "number")
                            message.disconnectedMs = object.disconnectedMs;
                        else if (typeof object.disconnectedMs === "object")
                            message.disconnectedMs = new $util.LongBits(object.disconnectedMs.low >>> 0, object.disconnectedMs.high >>> 0).toNumber(true);
                if (object.expiryS != null)
                    if ($Number(object.expiryS) !== 0)
                        message.expiryS = object.expiryS >>> 0;
                if (object.keepAliveS != null)
                    if ($Number(object.keepAliveS) !== 0)
                        message.keepAliveS = object.keepAliveS >>> 0;
                if (object.level != null)
                    if ($Number(object.level) !== 0)
                        message.level = object.level >>> 0;
                if (object.address != null)
                    if (typeof object.address !== "string" || object.address.length)
                        message.address = $String(object.address);
                if (object.gateway != null)
                    if (typeof object.gateway !== "string" || object.gateway.length)
                        message.gateway = $String(object.gateway);
                if (object.will != null) {
                    if (!$util.isObject(object.will))
                        throw $TypeError(".twinfold.v1.SessionState.will: object expected");
                    message.will = $root.twinfold.v1.Will.fromObject(object.will, _depth + 1);
                }
                if (object.subscriptions) {
                    if (!$Array.isArray(object.subscriptions))
                        throw $TypeError(".twinfold.v1.SessionState.subscriptions: array expected");
                    message.subscriptions = $Array(object.subscriptions.length);
                    for (let i = 0; i < object.subscriptions.length; ++i) {
                        if (!$util.isObject(object.subscriptions[i]))
                            throw $TypeError(".twinfold.v1.SessionState.subscriptions: object expected");
                        message.subscriptions[i] = $root.twinfold.v1.Subscription.fromObject(object.subscriptions[i], _depth + 1);
                    }
                }
                if (object.received) {
                    if (!$Array.isArray(object.received))
                        throw $TypeError(".twinfold.v1.SessionState.received: array expected");
                    message.received = $Array(object.received.length);
                    for (let i = 0; i < object.received.length; ++i)
                        message.received[i] = object.received[i] >>> 0;
                }
                if (object.cursor) {
                    if (!$Array.isArray(object.cursor))
                        throw $TypeError(".twinfold.v1.SessionState.cursor: array expected");
                    message.cursor = $Array(object.cursor.length);
                    for (let i = 0; i < object.cursor.length; ++i)
                        if ($util.Long)
                            message.cursor[i] = $util.Long.fromValue(object.cursor[i], true);
                        else if (typeof object.cursor[i] === "string")
                            message.cursor[i] = $parseInt(object.cursor[i], 10);
                        else if (typeof object.cursor[i] === "number")
                            message.cursor[i] = object.cursor[i];
                        else if (typeof object.cursor[i] === "object")
                            message.cursor[i] = new $util.LongBits(object.cursor[i].low >>> 0, object.cursor[i].high >>> 0).toNumber(true);
                }
                if (object.outgoing) {
                    if (!$Array.isArray(object.outgoing))
                        throw $TypeError(".twinfold.v1.SessionState.outgoing: array expected");
                    message.outgoing = $Array(object.outgoing.length);
                    for (let i = 0; i < object.outgoing.length; ++i) {
                        if (!$util.isObject(object.outgoing[i]))
                            throw $TypeError(".twinfold.v1.SessionState.outgoing: object expected");
                        message.outgoing[i] = $root.twinfold.v1.Outgoing.fromObject(object.outgoing[i], _depth + 1);
                    }
                }
                if (object.viewCursor) {
                    if (!$Array.isArray(object.viewCursor))
                        throw $TypeError(".twinfold.v1.SessionState.viewCursor: array expected");
                    message.viewCursor = $Array(object.viewCursor.length);
                    for (let i = 0; i < object.viewCursor.length; ++i)
                        if ($util.Long)
                            message.viewCursor[i] = $util.Long.fromValue(object.viewCursor[i], true);
                        else if (typeof object.viewCursor[i] === "string")
                            message.viewCursor[i] = $parseInt(object.viewCursor[i], 10);
                        else if (typeof object.viewCursor[i] === "number")
                            message.viewCursor[i] = object.viewCursor[i];
                        else if (typeof object.viewCursor[i] === "object")
                            message.viewCursor[i] = new $util.LongBits(object.viewCursor[i].low >>> 0, object.viewCursor[i].high >>> 0).toNumber(true);
                }
                if (object.resumed != null)
                    if (object.resumed)
                        message.resumed = $Boolean(object.resumed);
                if (object.previousConnection != null)
                    if (typeof object.previousConnection === "object" ? object.previousConnection.low || object.previousConnection.high : $Number(object.previousConnection) !== 0)
                        if ($util.Long)
                            message.previousConnection = $util.Long.fromValue(object.previousConnection, true);
                        else if (typeof object.previousConnection === "string")
                            message.previousConnection = $parseInt(object.previousConnection, 10);
                        else if (typeof object.previousConnection === "number")
                            message.previousConnection = object.previousConnection;
                        else if (typeof object.previousConnection === "object")
                            message.previousConnection = new $util.LongBits(object.previousConnection.low >>> 0, object.previousConnection.high >>> 0).toNumber(true);
                if (object.previousEdgeEpoch != null)
                    if (typeof object.previousEdgeEpoch === "object" ? object.previousEdgeEpoch.low || object.previousEdgeEpoch.high : $Number(object.previousEdgeEpoch) !== 0)
                        if ($util.Long)
                            message.previousEdgeEpoch = $util.Long.fromValue(object.previousEdgeEpoch, true);
                        else if (typeof object.previousEdgeEpoch === "string")
                            message.previousEdgeEpoch = $parseInt(object.previousEdgeEpoch, 10);
                        else if (typeof object.previousEdgeEpoch === "number")
                            message.previousEdgeEpoch = object.previousEdgeEpoch;
                        else if (typeof object.previousEdgeEpoch === "object")
                            message.previousEdgeEpoch = new $util.LongBits(object.previousEdgeEpoch.low >>> 0, object.previousEdgeEpoch.high >>> 0).toNumber(true);
                if (object.orphaned != null)
                    if (object.orphaned)
                        message.orphaned = $Boolean(object.orphaned);
                if (object.recentConnectsMs) {
                    if (!$Array.isArray(object.recentConnectsMs))
                        throw $TypeError(".twinfold.v1.SessionState.recentConnectsMs: array expected");
                    message.recentConnectsMs = $Array(object.recentConnectsMs.length);
                    for (let i = 0; i < object.recentConnectsMs.length; ++i)
                        if ($util.Long)
                            message.recentConnectsMs[i] = $util.Long.fromValue(object.recentConnectsMs[i], true);
                        else if (typeof object.recentConnectsMs[i] === "string")
                            message.recentConnectsMs[i] = $parseInt(object.recentConnectsMs[i], 10);
                        else if (typeof object.recentConnectsMs[i] === "number")
                            message.recentConnectsMs[i] = object.recentConnectsMs[i];
                        else if (typeof object.recentConnectsMs[i] === "object")
                            message.recentConnectsMs[i] = new $util.LongBits(object.recentConnectsMs[i].low >>> 0, object.recentConnectsMs[i].high >>> 0).toNumber(true);
                }
                if (object.disconnectReason != null)
                    if ($Number(object.disconnectReason) !== 0)
                        message.disconnectReason = object.disconnectReason >>> 0;
                if (object.disconnectWhy != null)
                    if (typeof object.disconnectWhy !== "string" || object.disconnectWhy.length)
                        message.disconnectWhy = $String(object.disconnectWhy);
                if (object.firstConnection != null)
                    if (typeof object.firstConnection === "object" ? object.firstConnection.low || object.firstConnection.high : $Number(object.firstConnection) !== 0)
                        if ($util.Long)
                            message.firstConnection = $util.Long.fromValue(object.firstConnection, true);
                        else if (typeof object.firstConnection === "string")
                            message.firstConnection = $parseInt(object.firstConnection, 10);
                        else if (typeof object.firstConnection === "number")
                            message.firstConnection = object.firstConnection;
                        else if (typeof object.firstConnection === "object")
                            message.firstConnection = new $util.LongBits(object.firstConnection.low >>> 0, object.firstConnection.high >>> 0).toNumber(true);
                if (object.cause != null)
                    if (typeof object.cause === "object" ? object.cause.low || object.cause.high : $Number(object.cause) !== 0)
                        if ($util.Long)
                            message.cause = $util.Long.fromValue(object.cause, true);
                        else if (typeof object.cause === "string")
                            message.cause = $parseInt(object.cause, 10);
                        else if (typeof object.cause === "number")
                            message.cause = object.cause;
                        else if (typeof object.cause === "object")
                            message.cause = new $util.LongBits(object.cause.low >>> 0, object.cause.high >>> 0).toNumber(true);
                if (object.edge != null)
                    if (typeof object.edge !== "string" || object.edge.length)
                        message.edge = $String(object.edge);
                if (object.via !== 0 && (typeof object.via !== "string" || $root.twinfold.v1.Via[object.via] !== 0))
                    switch (object.via) {
                    case "VIA_UNSPECIFIED":
                    case 0:
                        message.via = 0;
                        break;
                    case "VIA_MQTT":
                    case 1:
                        message.via = 1;
                        break;
                    case "VIA_HTTP":
                    case 2:
                        message.via = 2;
                        break;
                    case "VIA_COAP":
                    case 3:
                        message.via = 3;
                        break;
                    case "VIA_WEBSOCKET":
                    case 4:
                        message.via = 4;
                        break;
                    case "VIA_INTERNAL":
                    case 5:
                        message.via = 5;
                        break;
                    default:
                        if (typeof object.via === "number" && (object.via | 0) === object.via)
                            message.via = object.via;
                    }
                if (object.inFlight != null) {
                    if (!$util.isObject(object.inFlight))
                        throw $TypeError(".twinfold.v1.SessionState.inFlight: object expected");
                    message.inFlight = $root.twinfold.v1.InFlight.fromObject(object.inFlight, _depth + 1);
                }
                if (object.parted != null)
                    if (object.parted)
                        message.parted = $Boolean(object.parted);
                return message;
            };

            SessionState.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults) {
                    object.subscriptions = [];
                    object.received = [];
                    object.cursor = [];
                    object.outgoing = [];
                    object.viewCursor = [];
                    object.recentConnectsMs = [];
                }
                if (options.defaults) {
                    object.tenant = "";
                    object.session = "";
                    object.device = "";
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.connection = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.connection = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.connected = false;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.edgeEpoch = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.edgeEpoch = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.edgeConnection = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.edgeConnection = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.connectedMs = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.connectedMs = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.disconnectedMs = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.disconnectedMs = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.expiryS = 0;
                    object.keepAliveS = 0;
                    object.level = 0;
                    object.address = "";
                    object.gateway = "";
                    object.will = null;
                    object.resumed = false;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.previousConnection = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.previousConnection = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.previousEdgeEpoch = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.previousEdgeEpoch = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.orphaned = false;
                    object.disconnectReason = 0;
                    object.disconnectWhy = "";
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.firstConnection = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.firstConnection = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.cause = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.cause = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.edge = "";
                    object.via = options.enums === $String ? "VIA_UNSPECIFIED" : 0;
                    object.inFlight = null;
                    object.parted = false;
                }
                if (message.tenant != null && $Object.hasOwnProperty.call(message, "tenant"))
                    object.tenant = message.tenant;
                if (message.session != null && $Object.hasOwnProperty.call(message, "session"))
                    object.session = message.session;
                if (message.device != null && $Object.hasOwnProperty.call(message, "device"))
                    object.device = message.device;
                if (message.connection != null && $Object.hasOwnProperty.call(message, "connection"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.connection = typeof message.connection === "number" ? $BigInt(message.connection) : $util.Long.fromBits(message.connection.low >>> 0, message.connection.high >>> 0, true).toBigInt();
                    else if (typeof message.connection === "number")
                        object.connection = options.longs === $String ? $String(message.connection) : message.connection;
                    else
                        object.connection = options.longs === $String ? $util.Long.prototype.toString.call(message.connection) : options.longs === $Number ? new $util.LongBits(message.connection.low >>> 0, message.connection.high >>> 0).toNumber(true) : message.connection;
                if (message.connected != null && $Object.hasOwnProperty.call(message, "connected"))
                    object.connected = message.connected;
                if (message.edgeEpoch != null && $Object.hasOwnProperty.call(message, "edgeEpoch"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.edgeEpoch = typeof message.edgeEpoch === "number" ? $BigInt(message.edgeEpoch) : $util.Long.fromBits(message.edgeEpoch.low >>> 0, message.edgeEpoch.high >>> 0, true).toBigInt();
                    else if (typeof message.edgeEpoch === "number")
                        object.edgeEpoch = options.longs === $String ? $String(message.edgeEpoch) : message.edgeEpoch;
                    else
                        object.edgeEpoch = options.longs === $String ? $util.Long.prototype.toString.call(message.edgeEpoch) : options.longs === $Number ? new $util.LongBits(message.edgeEpoch.low >>> 0, message.edgeEpoch.high >>> 0).toNumber(true) : message.edgeEpoch;
                if (message.edgeConnection != null && $Object.hasOwnProperty.call(message, "edgeConnection"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.edgeConnection = typeof message.edgeConnection === "number" ? $BigInt(message.edgeConnection) : $util.Long.fromBits(message.edgeConnection.low >>> 0, message.edgeConnection.high >>> 0, true).toBigInt();
                    else if (typeof message.edgeConnection === "number")
                        object.edgeConnection = options.longs === $String ? $String(message.edgeConnection) : message.edgeConnection;
                    else
                        object.edgeConnection = options.longs === $String ? $util.Long.prototype.toString.call(message.edgeConnection) : options.longs === $Number ? new $util.LongBits(message.edgeConnection.low >>> 0, message.edgeConnection.high >>> 0).toNumber(true) : message.edgeConnection;
                if (message.connectedMs != null && $Object.hasOwnProperty.call(message, "connectedMs"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.connectedMs = typeof message.connectedMs === "number" ? $BigInt(message.connectedMs) : $util.Long.fromBits(message.connectedMs.low >>> 0, message.connectedMs.high >>> 0, true).toBigInt();
                    else if (typeof message.connectedMs === "number")
                        object.connectedMs = options.longs === $String ? $String(message.connectedMs) : message.connectedMs;
                    else
                        object.connectedMs = options.longs === $String ? $util.Long.prototype.toString.call(message.connectedMs) : options.longs === $Number ? new $util.LongBits(message.connectedMs.low >>> 0, message.connectedMs.high >>> 0).toNumber(true) : message.connectedMs;
                if (message.disconnectedMs != null && $Object.hasOwnProperty.call(message, "disconnectedMs"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.disconnectedMs = typeof message.disconnectedMs === "number" ? $BigInt(message.disconnectedMs) : $util.Long.fromBits(message.disconnectedMs.low >>> 0, message.disconnectedMs.high >>> 0, true).toBigInt();
                    else if (typeof message.disconnectedMs === "number")
                        object.disconnectedMs = options.longs === $String ? $String(message.disconnectedMs) : message.disconnectedMs;
                    else
                        object.disconnectedMs = options.longs === $String ? $util.Long.prototype.toString.call(message.disconnectedMs) : options.longs === $Number ? new $util.LongBits(message.disconnectedMs.low >>> 0, message.disconnectedMs.high >>> 0).toNumber(true) : message.disconnectedMs;
                if (message.expiryS != null && $Object.hasOwnProperty.call(message, "expiryS"))
                    object.expiryS = message.expiryS;
                if (message.keepAliveS != null && $Object.hasOwnProperty.call(message, "keepAliveS"))
                    object.keepAliveS = message.keepAliveS;
                if (message.level != null && $Object.hasOwnProperty.call(message, "level"))
                    object.level = message.level;
                if (message.address != null && $Object.hasOwnProperty.call(message, "address"))
                    object.address = message.address;
                if (message.gateway != null && $Object.hasOwnProperty.call(message, "gateway"))
                    object.gateway = message.gateway;
                if (message.will != null && $Object.hasOwnProperty.call(message, "will"))
                    object.will = $root.twinfold.v1.Will.toObject(message.will, options, _depth + 1);
                if (message.subscriptions && message.subscriptions.length) {
                    object.subscriptions = $Array(message.subscriptions.length);
                    for (let j = 0; j < message.subscriptions.length; ++j)
                        object.subscriptions[j] = $root.twinfold.v1.Subscription.toObject(message.subscriptions[j], options, _depth + 1);
                }
                if (message.received && message.received.length) {
                    object.received = $Array(message.received.length);
                    for (let j = 0; j < message.received.length; ++j)
                        object.received[j] = message.received[j];
                }
                if (message.cursor && message.cursor.length) {
                    object.cursor = $Array(message.cursor.length);
                    for (let j = 0; j < message.cursor.length; ++j)
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.cursor[j] = typeof message.cursor[j] === "number" ? $BigInt(message.cursor[j]) : $util.Long.fromBits(message.cursor[j].low >>> 0, message.cursor[j].high >>> 0, true).toBigInt();
                        else if (typeof message.cursor[j] === "number")
                            object.cursor[j] = options.longs === $String ? $String(message.cursor[j]) : message.cursor[j];
                        else
                            object.cursor[j] = options.longs === $String ? $util.Long.prototype.toString.call(message.cursor[j]) : options.longs === $Number ? new $util.LongBits(message.cursor[j].low >>> 0, message.cursor[j].high >>> 0).toNumber(true) : message.cursor[j];
                }
                if (message.outgoing && message.outgoing.length) {
                    object.outgoing = $Array(message.outgoing.length);
                    for (let j = 0; j < message.outgoing.length; ++j)
                        object.outgoing[j] = $root.twinfold.v1.Outgoing.toObject(message.outgoing[j], options, _depth + 1);
                }
                if (message.viewCursor && message.viewCursor.length) {
                    object.viewCursor = $Array(message.viewCursor.length);
                    for (let j = 0; j < message.viewCursor.length; ++j)
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.viewCursor[j] = typeof message.viewCursor[j] === "number" ? $BigInt(message.viewCursor[j]) : $util.Long.fromBits(message.viewCursor[j].low >>> 0, message.viewCursor[j].high >>> 0, true).toBigInt();
                        else if (typeof message.viewCursor[j] === "number")
                            object.viewCursor[j] = options.longs === $String ? $String(message.viewCursor[j]) : message.viewCursor[j];
                        else
                            object.viewCursor[j] = options.longs === $String ? $util.Long.prototype.toString.call(message.viewCursor[j]) : options.longs === $Number ? new $util.LongBits(message.viewCursor[j].low >>> 0, message.viewCursor[j].high >>> 0).toNumber(true) : message.viewCursor[j];
                }
                if (message.resumed != null && $Object.hasOwnProperty.call(message, "resumed"))
                    object.resumed = message.resumed;
                if (message.previousConnection != null && $Object.hasOwnProperty.call(message, "previousConnection"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.previousConnection = typeof message.previousConnection === "number" ? $BigInt(message.previousConnection) : $util.Long.fromBits(message.previousConnection.low >>> 0, message.previousConnection.high >>> 0, true).toBigInt();
                    else if (typeof message.previousConnection === "number")
                        object.previousConnection = options.longs === $String ? $String(message.previousConnection) : message.previousConnection;
                    else
                        object.previousConnection = options.longs === $String ? $util.Long.prototype.toString.call(message.previousConnection) : options.longs === $Number ? new $util.LongBits(message.previousConnection.low >>> 0, message.previousConnection.high >>> 0).toNumber(true) : message.previousConnection;
                if (message.previousEdgeEpoch != null && $Object.hasOwnProperty.call(message, "previousEdgeEpoch"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.previousEdgeEpoch = typeof message.previousEdgeEpoch === "number" ? $BigInt(message.previousEdgeEpoch) : $util.Long.fromBits(message.previousEdgeEpoch.low >>> 0, message.previousEdgeEpoch.high >>> 0, true).toBigInt();
                    else if (typeof message.previousEdgeEpoch === "number")
                        object.previousEdgeEpoch = options.longs === $String ? $String(message.previousEdgeEpoch) : message.previousEdgeEpoch;
                    else
                        object.previousEdgeEpoch = options.longs === $String ? $util.Long.prototype.toString.call(message.previousEdgeEpoch) : options.longs === $Number ? new $util.LongBits(message.previousEdgeEpoch.low >>> 0, message.previousEdgeEpoch.high >>> 0).toNumber(true) : message.previousEdgeEpoch;
                if (message.orphaned != null && $Object.hasOwnProperty.call(message, "orphaned"))
                    object.orphaned = message.orphaned;
                if (message.recentConnectsMs && message.recentConnectsMs.length) {
                    object.recentConnectsMs = $Array(message.recentConnectsMs.length);
                    for (let j = 0; j < message.recentConnectsMs.length; ++j)
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.recentConnectsMs[j] = typeof message.recentConnectsMs[j] === "number" ? $BigInt(message.recentConnectsMs[j]) : $util.Long.fromBits(message.recentConnectsMs[j].low >>> 0, message.recentConnectsMs[j].high >>> 0, true).toBigInt();
                        else if (typeof message.recentConnectsMs[j] === "number")
                            object.recentConnectsMs[j] = options.longs === $String ? $String(message.recentConnectsMs[j]) : message.recentConnectsMs[j];
                        else
                            object.recentConnectsMs[j] = options.longs === $String ? $util.Long.prototype.toString.call(message.recentConnectsMs[j]) : options.longs === $Number ? new $util.LongBits(message.recentConnectsMs[j].low >>> 0, message.recentConnectsMs[j].high >>> 0).toNumber(true) : message.recentConnectsMs[j];
                }
                if (message.disconnectReason != null && $Object.hasOwnProperty.call(message, "disconnectReason"))
                    object.disconnectReason = message.disconnectReason;
                if (message.disconnectWhy != null && $Object.hasOwnProperty.call(message, "disconnectWhy"))
                    object.disconnectWhy = message.disconnectWhy;
                if (message.firstConnection != null && $Object.hasOwnProperty.call(message, "firstConnection"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.firstConnection = typeof message.firstConnection === "number" ? $BigInt(message.firstConnection) : $util.Long.fromBits(message.firstConnection.low >>> 0, message.firstConnection.high >>> 0, true).toBigInt();
                    else if (typeof message.firstConnection === "number")
                        object.firstConnection = options.longs === $String ? $String(message.firstConnection) : message.firstConnection;
                    else
                        object.firstConnection = options.longs === $String ? $util.Long.prototype.toString.call(message.firstConnection) : options.longs === $Number ? new $util.LongBits(message.firstConnection.low >>> 0, message.firstConnection.high >>> 0).toNumber(true) : message.firstConnection;
                if (message.cause != null && $Object.hasOwnProperty.call(message, "cause"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.cause = typeof message.cause === "number" ? $BigInt(message.cause) : $util.Long.fromBits(message.cause.low >>> 0, message.cause.high >>> 0, true).toBigInt();
                    else if (typeof message.cause === "number")
                        object.cause = options.longs === $String ? $String(message.cause) : message.cause;
                    else
                        object.cause = options.longs === $String ? $util.Long.prototype.toString.call(message.cause) : options.longs === $Number ? new $util.LongBits(message.cause.low >>> 0, message.cause.high >>> 0).toNumber(true) : message.cause;
                if (message.edge != null && $Object.hasOwnProperty.call(message, "edge"))
                    object.edge = message.edge;
                if (message.via != null && $Object.hasOwnProperty.call(message, "via"))
                    object.via = options.enums === $String ? $root.twinfold.v1.Via[message.via] === $undefined ? message.via : $root.twinfold.v1.Via[message.via] : message.via;
                if (message.inFlight != null && $Object.hasOwnProperty.call(message, "inFlight"))
                    object.inFlight = $root.twinfold.v1.InFlight.toObject(message.inFlight, options, _depth + 1);
                if (message.parted != null && $Object.hasOwnProperty.call(message, "parted"))
                    object.parted = message.parted;
                return object;
            };

            SessionState.prototype.toJSON = function() {
                return SessionState.toObject(this, $protobuf.util.toJSONOptions);
            };

            return SessionState;
        })();

        v1.AskRetained = (function() {

            const AskRetained = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            AskRetained.prototype.tenant = "";
            AskRetained.prototype.filter = "";
            AskRetained.prototype.minSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            AskRetained.prototype.after = "";
            AskRetained.prototype.bytesMax = 0;
            AskRetained.prototype.server = "";

            AskRetained.create = function(properties) {
                return new AskRetained(properties);
            };

            AskRetained.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.tenant != null && $Object.hasOwnProperty.call(message, "tenant") && message.tenant !== "")
                    writer.uint32(10).string(message.tenant);
                if (message.filter != null && $Object.hasOwnProperty.call(message, "filter") && message.filter !== "")
                    writer.uint32(18).string(message.filter);
                if (message.minSeq != null && $Object.hasOwnProperty.call(message, "minSeq") && (typeof message.minSeq === "object" ? message.minSeq.low || message.minSeq.high : message.minSeq !== 0))
                    writer.uint32(24).uint64(message.minSeq);
                if (message.after != null && $Object.hasOwnProperty.call(message, "after") && message.after !== "")
                    writer.uint32(34).string(message.after);
                if (message.bytesMax != null && $Object.hasOwnProperty.call(message, "bytesMax") && message.bytesMax !== 0)
                    writer.uint32(40).uint32(message.bytesMax);
                if (message.server != null && $Object.hasOwnProperty.call(message, "server") && message.server !== "")
                    writer.uint32(50).string(message.server);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            AskRetained.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.AskRetained();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.tenant = value;
                            else
                                delete message.tenant;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.filter = value;
                            else
                                delete message.filter;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.minSeq = value;
                            else
                                delete message.minSeq;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.after = value;
                            else
                                delete message.after;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.bytesMax = value;
                            else
                                delete message.bytesMax;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.server = value;
                            else
                                delete message.server;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            AskRetained.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.AskRetained)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.AskRetained: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.AskRetained();
                if (object.tenant != null)
                    if (typeof object.tenant !== "string" || object.tenant.length)
                        message.tenant = $String(object.tenant);
                if (object.filter != null)
                    if (typeof object.filter !== "string" || object.filter.length)
                        message.filter = $String(object.filter);
                if (object.minSeq != null)
                    if (typeof object.minSeq === "object" ? object.minSeq.low || object.minSeq.high : $Number(object.minSeq) !== 0)
                        if ($util.Long)
                            message.minSeq = $util.Long.fromValue(object.minSeq, true);
                        else if (typeof object.minSeq === "string")
                            message.minSeq = $parseInt(object.minSeq, 10);
                        else if (typeof object.minSeq === "number")
                            message.minSeq = object.minSeq;
                        else if (typeof object.minSeq === "object")
                            message.minSeq = new $util.LongBits(object.minSeq.low >>> 0, object.minSeq.high >>> 0).toNumber(true);
                if (object.after != null)
                    if (typeof object.after !== "string" || object.after.length)
                        message.after = $String(object.after);
                if (object.bytesMax != null)
                    if ($Number(object.bytesMax) !== 0)
                        message.bytesMax = object.bytesMax >>> 0;
                if (object.server != null)
                    if (typeof object.server !== "string" || object.server.length)
                        message.server = $String(object.server);
                return message;
            };

            AskRetained.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    object.tenant = "";
                    object.filter = "";
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.minSeq = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.minSeq = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.after = "";
                    object.bytesMax = 0;
                    object.server = "";
                }
                if (message.tenant != null && $Object.hasOwnProperty.call(message, "tenant"))
                    object.tenant = message.tenant;
                if (message.filter != null && $Object.hasOwnProperty.call(message, "filter"))
                    object.filter = message.filter;
                if (message.minSeq != null && $Object.hasOwnProperty.call(message, "minSeq"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.minSeq = typeof message.minSeq === "number" ? $BigInt(message.minSeq) : $util.Long.fromBits(message.minSeq.low >>> 0, message.minSeq.high >>> 0, true).toBigInt();
                    else if (typeof message.minSeq === "number")
                        object.minSeq = options.longs === $String ? $String(message.minSeq) : message.minSeq;
                    else
                        object.minSeq = options.longs === $String ? $util.Long.prototype.toString.call(message.minSeq) : options.longs === $Number ? new $util.LongBits(message.minSeq.low >>> 0, message.minSeq.high >>> 0).toNumber(true) : message.minSeq;
                if (message.after != null && $Object.hasOwnProperty.call(message, "after"))
                    object.after = message.after;
                if (message.bytesMax != null && $Object.hasOwnProperty.call(message, "bytesMax"))
                    object.bytesMax = message.bytesMax;
                if (message.server != null && $Object.hasOwnProperty.call(message, "server"))
                    object.server = message.server;
                return object;
            };

            AskRetained.prototype.toJSON = function() {
                return AskRetained.toObject(this, $protobuf.util.toJSONOptions);
            };

            return AskRetained;
        })();

        v1.RetainedMessage = (function() {

            const RetainedMessage = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            RetainedMessage.prototype.seq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            RetainedMessage.prototype.index = 0;
            RetainedMessage.prototype.event = $util.newBuffer([]);

            RetainedMessage.create = function(properties) {
                return new RetainedMessage(properties);
            };

            RetainedMessage.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.seq != null && $Object.hasOwnProperty.call(message, "seq") && (typeof message.seq === "object" ? message.seq.low || message.seq.high : message.seq !== 0))
                    writer.uint32(8).uint64(message.seq);
                if (message.index != null && $Object.hasOwnProperty.call(message, "index") && message.index !== 0)
                    writer.uint32(16).uint32(message.index);
                if (message.event != null && $Object.hasOwnProperty.call(message, "event") && message.event.length)
                    writer.uint32(26).bytes(message.event);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            RetainedMessage.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.RetainedMessage();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.seq = value;
                            else
                                delete message.seq;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.index = value;
                            else
                                delete message.index;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.event = value;
                            else
                                delete message.event;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            RetainedMessage.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.RetainedMessage)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.RetainedMessage: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.RetainedMessage();
                if (object.seq != null)
                    if (typeof object.seq === "object" ? object.seq.low || object.seq.high : $Number(object.seq) !== 0)
                        if ($util.Long)
                            message.seq = $util.Long.fromValue(object.seq, true);
                        else if (typeof object.seq === "string")
                            message.seq = $parseInt(object.seq, 10);
                        else if (typeof object.seq === "number")
                            message.seq = object.seq;
                        else if (typeof object.seq === "object")
                            message.seq = new $util.LongBits(object.seq.low >>> 0, object.seq.high >>> 0).toNumber(true);
                if (object.index != null)
                    if ($Number(object.index) !== 0)
                        message.index = object.index >>> 0;
                if (object.event != null)
                    if (object.event.length)
                        if (typeof object.event === "string")
                            $util.base64.decode(object.event, message.event = $util.newBuffer($util.base64.length(object.event)), 0);
                        else if (object.event.length >= 0)
                            message.event = object.event;
                return message;
            };

            RetainedMessage.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.seq = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.seq = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.index = 0;
                    if (options.bytes === $String)
                        object.event = "";
                    else {
                        object.event = [];
                        if (options.bytes !== $Array)
                            object.event = $util.newBuffer(object.event);
                    }
                }
                if (message.seq != null && $Object.hasOwnProperty.call(message, "seq"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.seq = typeof message.seq === "number" ? $BigInt(message.seq) : $util.Long.fromBits(message.seq.low >>> 0, message.seq.high >>> 0, true).toBigInt();
                    else if (typeof message.seq === "number")
                        object.seq = options.longs === $String ? $String(message.seq) : message.seq;
                    else
                        object.seq = options.longs === $String ? $util.Long.prototype.toString.call(message.seq) : options.longs === $Number ? new $util.LongBits(message.seq.low >>> 0, message.seq.high >>> 0).toNumber(true) : message.seq;
                if (message.index != null && $Object.hasOwnProperty.call(message, "index"))
                    object.index = message.index;
                if (message.event != null && $Object.hasOwnProperty.call(message, "event"))
                    object.event = options.bytes === $String ? $util.base64.encode(message.event, 0, message.event.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.event) : message.event;
                return object;
            };

            RetainedMessage.prototype.toJSON = function() {
                return RetainedMessage.toObject(this, $protobuf.util.toJSONOptions);
            };

            return RetainedMessage;
        })();

        v1.RetainedAnswer = (function() {

            const RetainedAnswer = function (properties) {
                this.messages = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            RetainedAnswer.prototype.code = 0;
            RetainedAnswer.prototype.messages = $util.emptyArray;
            RetainedAnswer.prototype.next = "";
            RetainedAnswer.prototype.checkpoint = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            RetainedAnswer.create = function(properties) {
                return new RetainedAnswer(properties);
            };

            RetainedAnswer.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.code != null && $Object.hasOwnProperty.call(message, "code") && message.code !== 0)
                    writer.uint32(8).uint32(message.code);
                if (message.messages != null && message.messages.length)
                    for (let i = 0; i < message.messages.length; ++i)
                        $root.twinfold.v1.RetainedMessage.encode(message.messages[i], writer.uint32(18).fork(), _depth + 1).ldelim();
                if (message.next != null && $Object.hasOwnProperty.call(message, "next") && message.next !== "")
                    writer.uint32(26).string(message.next);
                if (message.checkpoint != null && $Object.hasOwnProperty.call(message, "checkpoint") && (typeof message.checkpoint === "object" ? message.checkpoint.low || message.checkpoint.high : message.checkpoint !== 0))
                    writer.uint32(32).uint64(message.checkpoint);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            RetainedAnswer.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.RetainedAnswer();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.code = value;
                            else
                                delete message.code;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.messages && message.messages.length))
                                message.messages = [];
                            message.messages.push($root.twinfold.v1.RetainedMessage.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.next = value;
                            else
                                delete message.next;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.checkpoint = value;
                            else
                                delete message.checkpoint;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            RetainedAnswer.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.RetainedAnswer)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.RetainedAnswer: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.RetainedAnswer();
                if (object.code != null)
                    if ($Number(object.code) !== 0)
                        message.code = object.code >>> 0;
                if (object.messages) {
                    if (!$Array.isArray(object.messages))
                        throw $TypeError(".twinfold.v1.RetainedAnswer.messages: array expected");
                    message.messages = $Array(object.messages.length);
                    for (let i = 0; i < object.messages.length; ++i) {
                        if (!$util.isObject(object.messages[i]))
                            throw $TypeError(".twinfold.v1.RetainedAnswer.messages: object expected");
                        message.messages[i] = $root.twinfold.v1.RetainedMessage.fromObject(object.messages[i], _depth + 1);
                    }
                }
                if (object.next != null)
                    if (typeof object.next !== "string" || object.next.length)
                        message.next = $String(object.next);
                if (object.checkpoint != null)
                    if (typeof object.checkpoint === "object" ? object.checkpoint.low || object.checkpoint.high : $Number(object.checkpoint) !== 0)
                        if ($util.Long)
                            message.checkpoint = $util.Long.fromValue(object.checkpoint, true);
                        else if (typeof object.checkpoint === "string")
                            message.checkpoint = $parseInt(object.checkpoint, 10);
                        else if (typeof object.checkpoint === "number")
                            message.checkpoint = object.checkpoint;
                        else if (typeof object.checkpoint === "object")
                            message.checkpoint = new $util.LongBits(object.checkpoint.low >>> 0, object.checkpoint.high >>> 0).toNumber(true);
                return message;
            };

            RetainedAnswer.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults)
                    object.messages = [];
                if (options.defaults) {
                    object.code = 0;
                    object.next = "";
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.checkpoint = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.checkpoint = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                }
                if (message.code != null && $Object.hasOwnProperty.call(message, "code"))
                    object.code = message.code;
                if (message.messages && message.messages.length) {
                    object.messages = $Array(message.messages.length);
                    for (let j = 0; j < message.messages.length; ++j)
                        object.messages[j] = $root.twinfold.v1.RetainedMessage.toObject(message.messages[j], options, _depth + 1);
                }
                if (message.next != null && $Object.hasOwnProperty.call(message, "next"))
                    object.next = message.next;
                if (message.checkpoint != null && $Object.hasOwnProperty.call(message, "checkpoint"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.checkpoint = typeof message.checkpoint === "number" ? $BigInt(message.checkpoint) : $util.Long.fromBits(message.checkpoint.low >>> 0, message.checkpoint.high >>> 0, true).toBigInt();
                    else if (typeof message.checkpoint === "number")
                        object.checkpoint = options.longs === $String ? $String(message.checkpoint) : message.checkpoint;
                    else
                        object.checkpoint = options.longs === $String ? $util.Long.prototype.toString.call(message.checkpoint) : options.longs === $Number ? new $util.LongBits(message.checkpoint.low >>> 0, message.checkpoint.high >>> 0).toNumber(true) : message.checkpoint;
                return object;
            };

            RetainedAnswer.prototype.toJSON = function() {
                return RetainedAnswer.toObject(this, $protobuf.util.toJSONOptions);
            };

            return RetainedAnswer;
        })();

        v1.TopicCheckpoint = (function() {

            const TopicCheckpoint = function (properties) {
                this.writer = [];
                this.writerCounter = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            TopicCheckpoint.prototype.seq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            TopicCheckpoint.prototype.timestampMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            TopicCheckpoint.prototype.edgeEpoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            TopicCheckpoint.prototype.counter = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            TopicCheckpoint.prototype.instance = "";
            TopicCheckpoint.prototype.writer = $util.emptyArray;
            TopicCheckpoint.prototype.writerCounter = $util.emptyArray;

            TopicCheckpoint.create = function(properties) {
                return new TopicCheckpoint(properties);
            };

            TopicCheckpoint.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.seq != null && $Object.hasOwnProperty.call(message, "seq") && (typeof message.seq === "object" ? message.seq.low || message.seq.high : message.seq !== 0))
                    writer.uint32(8).uint64(message.seq);
                if (message.timestampMs != null && $Object.hasOwnProperty.call(message, "timestampMs") && (typeof message.timestampMs === "object" ? message.timestampMs.low || message.timestampMs.high : message.timestampMs !== 0))
                    writer.uint32(16).uint64(message.timestampMs);
                if (message.edgeEpoch != null && $Object.hasOwnProperty.call(message, "edgeEpoch") && (typeof message.edgeEpoch === "object" ? message.edgeEpoch.low || message.edgeEpoch.high : message.edgeEpoch !== 0))
                    writer.uint32(24).uint64(message.edgeEpoch);
                if (message.counter != null && $Object.hasOwnProperty.call(message, "counter") && (typeof message.counter === "object" ? message.counter.low || message.counter.high : message.counter !== 0))
                    writer.uint32(32).uint64(message.counter);
                if (message.instance != null && $Object.hasOwnProperty.call(message, "instance") && message.instance !== "")
                    writer.uint32(42).string(message.instance);
                if (message.writer != null && message.writer.length)
                    writer.uint32(50).uint64s(message.writer);
                if (message.writerCounter != null && message.writerCounter.length)
                    writer.uint32(58).uint64s(message.writerCounter);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            TopicCheckpoint.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.TopicCheckpoint();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.seq = value;
                            else
                                delete message.seq;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.timestampMs = value;
                            else
                                delete message.timestampMs;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.edgeEpoch = value;
                            else
                                delete message.edgeEpoch;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.counter = value;
                            else
                                delete message.counter;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.instance = value;
                            else
                                delete message.instance;
                            continue;
                        }
                    case 6: {
                            if (wireType === 2) {
                                if (!(message.writer && message.writer.length))
                                    message.writer = [];
                                reader.uint64s(message.writer);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.writer && message.writer.length))
                                message.writer = [];
                            message.writer.push(reader.uint64());
                            continue;
                        }
                    case 7: {
                            if (wireType === 2) {
                                if (!(message.writerCounter && message.writerCounter.length))
                                    message.writerCounter = [];
                                reader.uint64s(message.writerCounter);
                                continue;
                            }
                            if (wireType !== 0)
                                break;
                            if (!(message.writerCounter && message.writerCounter.length))
                                message.writerCounter = [];
                            message.writerCounter.push(reader.uint64());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            TopicCheckpoint.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.TopicCheckpoint)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.TopicCheckpoint: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.TopicCheckpoint();
                if (object.seq != null)
                    if (typeof object.seq === "object" ? object.seq.low || object.seq.high : $Number(object.seq) !== 0)
                        if ($util.Long)
                            message.seq = $util.Long.fromValue(object.seq, true);
                        else if (typeof object.seq === "string")
                            message.seq = $parseInt(object.seq, 10);
                        else if (typeof object.seq === "number")
                            message.seq = object.seq;
                        else if (typeof object.seq === "object")
                            message.seq = new $util.LongBits(object.seq.low >>> 0, object.seq.high >>> 0).toNumber(true);
                if (object.timestampMs != null)
                    if (typeof object.timestampMs === "object" ? object.timestampMs.low || object.timestampMs.high : $Number(object.timestampMs) !== 0)
                        if ($util.Long)
                            message.timestampMs = $util.Long.fromValue(object.timestampMs, true);
                        else if (typeof object.timestampMs === "string")
                            message.timestampMs = $parseInt(object.timestampMs, 10);
                        else if (typeof object.timestampMs === "number")
                            message.timestampMs = object.timestampMs;
                        else if (typeof object.timestampMs === "object")
                            message.timestampMs = new $util.LongBits(object.timestampMs.low >>> 0, object.timestampMs.high >>> 0).toNumber(true);
                if (object.edgeEpoch != null)
                    if (typeof object.edgeEpoch === "object" ? object.edgeEpoch.low || object.edgeEpoch.high : $Number(object.edgeEpoch) !== 0)
                        if ($util.Long)
                            message.edgeEpoch = $util.Long.fromValue(object.edgeEpoch, true);
                        else if (typeof object.edgeEpoch === "string")
                            message.edgeEpoch = $parseInt(object.edgeEpoch, 10);
                        else if (typeof object.edgeEpoch === "number")
                            message.edgeEpoch = object.edgeEpoch;
                        else if (typeof object.edgeEpoch === "object")
                            message.edgeEpoch = new $util.LongBits(object.edgeEpoch.low >>> 0, object.edgeEpoch.high >>> 0).toNumber(true);
                if (object.counter != null)
                    if (typeof object.counter === "object" ? object.counter.low || object.counter.high : $Number(object.counter) !== 0)
                        if ($util.Long)
                            message.counter = $util.Long.fromValue(object.counter, true);
                        else if (typeof object.counter === "string")
                            message.counter = $parseInt(object.counter, 10);
                        else if (typeof object.counter === "number")
                            message.counter = object.counter;
                        else if (typeof object.counter === "object")
                            message.counter = new $util.LongBits(object.counter.low >>> 0, object.counter.high >>> 0).toNumber(true);
                if (object.instance != null)
                    if (typeof object.instance !== "string" || object.instance.length)
                        message.instance = $String(object.instance);
                if (object.writer) {
                    if (!$Array.isArray(object.writer))
                        throw $TypeError(".twinfold.v1.TopicCheckpoint.writer: array expected");
                    message.writer = $Array(object.writer.length);
                    for (let i = 0; i < object.writer.length; ++i)
                        if ($util.Long)
                            message.writer[i] = $util.Long.fromValue(object.writer[i], true);
                        else if (typeof object.writer[i] === "string")
                            message.writer[i] = $parseInt(object.writer[i], 10);
                        else if (typeof object.writer[i] === "number")
                            message.writer[i] = object.writer[i];
                        else if (typeof object.writer[i] === "object")
                            message.writer[i] = new $util.LongBits(object.writer[i].low >>> 0, object.writer[i].high >>> 0).toNumber(true);
                }
                if (object.writerCounter) {
                    if (!$Array.isArray(object.writerCounter))
                        throw $TypeError(".twinfold.v1.TopicCheckpoint.writerCounter: array expected");
                    message.writerCounter = $Array(object.writerCounter.length);
                    for (let i = 0; i < object.writerCounter.length; ++i)
                        if ($util.Long)
                            message.writerCounter[i] = $util.Long.fromValue(object.writerCounter[i], true);
                        else if (typeof object.writerCounter[i] === "string")
                            message.writerCounter[i] = $parseInt(object.writerCounter[i], 10);
                        else if (typeof object.writerCounter[i] === "number")
                            message.writerCounter[i] = object.writerCounter[i];
                        else if (typeof object.writerCounter[i] === "object")
                            message.writerCounter[i] = new $util.LongBits(object.writerCounter[i].low >>> 0, object.writerCounter[i].high >>> 0).toNumber(true);
                }
                return message;
            };

            TopicCheckpoint.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults) {
                    object.writer = [];
                    object.writerCounter = [];
                }
                if (options.defaults) {
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.seq = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.seq = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.timestampMs = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.timestampMs = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.edgeEpoch = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.edgeEpoch = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.counter = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.counter = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.instance = "";
                }
                if (message.seq != null && $Object.hasOwnProperty.call(message, "seq"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.seq = typeof message.seq === "number" ? $BigInt(message.seq) : $util.Long.fromBits(message.seq.low >>> 0, message.seq.high >>> 0, true).toBigInt();
                    else if (typeof message.seq === "number")
                        object.seq = options.longs === $String ? $String(message.seq) : message.seq;
                    else
                        object.seq = options.longs === $String ? $util.Long.prototype.toString.call(message.seq) : options.longs === $Number ? new $util.LongBits(message.seq.low >>> 0, message.seq.high >>> 0).toNumber(true) : message.seq;
                if (message.timestampMs != null && $Object.hasOwnProperty.call(message, "timestampMs"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.timestampMs = typeof message.timestampMs === "number" ? $BigInt(message.timestampMs) : $util.Long.fromBits(message.timestampMs.low >>> 0, message.timestampMs.high >>> 0, true).toBigInt();
                    else if (typeof message.timestampMs === "number")
                        object.timestampMs = options.longs === $String ? $String(message.timestampMs) : message.timestampMs;
                    else
                        object.timestampMs = options.longs === $String ? $util.Long.prototype.toString.call(message.timestampMs) : options.longs === $Number ? new $util.LongBits(message.timestampMs.low >>> 0, message.timestampMs.high >>> 0).toNumber(true) : message.timestampMs;
                if (message.edgeEpoch != null && $Object.hasOwnProperty.call(message, "edgeEpoch"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.edgeEpoch = typeof message.edgeEpoch === "number" ? $BigInt(message.edgeEpoch) : $util.Long.fromBits(message.edgeEpoch.low >>> 0, message.edgeEpoch.high >>> 0, true).toBigInt();
                    else if (typeof message.edgeEpoch === "number")
                        object.edgeEpoch = options.longs === $String ? $String(message.edgeEpoch) : message.edgeEpoch;
                    else
                        object.edgeEpoch = options.longs === $String ? $util.Long.prototype.toString.call(message.edgeEpoch) : options.longs === $Number ? new $util.LongBits(message.edgeEpoch.low >>> 0, message.edgeEpoch.high >>> 0).toNumber(true) : message.edgeEpoch;
                if (message.counter != null && $Object.hasOwnProperty.call(message, "counter"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.counter = typeof message.counter === "number" ? $BigInt(message.counter) : $util.Long.fromBits(message.counter.low >>> 0, message.counter.high >>> 0, true).toBigInt();
                    else if (typeof message.counter === "number")
                        object.counter = options.longs === $String ? $String(message.counter) : message.counter;
                    else
                        object.counter = options.longs === $String ? $util.Long.prototype.toString.call(message.counter) : options.longs === $Number ? new $util.LongBits(message.counter.low >>> 0, message.counter.high >>> 0).toNumber(true) : message.counter;
                if (message.instance != null && $Object.hasOwnProperty.call(message, "instance"))
                    object.instance = message.instance;
                if (message.writer && message.writer.length) {
                    object.writer = $Array(message.writer.length);
                    for (let j = 0; j < message.writer.length; ++j)
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.writer[j] = typeof message.writer[j] === "number" ? $BigInt(message.writer[j]) : $util.Long.fromBits(message.writer[j].low >>> 0, message.writer[j].high >>> 0, true).toBigInt();
                        else if (typeof message.writer[j] === "number")
                            object.writer[j] = options.longs === $String ? $String(message.writer[j]) : message.writer[j];
                        else
                            object.writer[j] = options.longs === $String ? $util.Long.prototype.toString.call(message.writer[j]) : options.longs === $Number ? new $util.LongBits(message.writer[j].low >>> 0, message.writer[j].high >>> 0).toNumber(true) : message.writer[j];
                }
                if (message.writerCounter && message.writerCounter.length) {
                    object.writerCounter = $Array(message.writerCounter.length);
                    for (let j = 0; j < message.writerCounter.length; ++j)
                        if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                            object.writerCounter[j] = typeof message.writerCounter[j] === "number" ? $BigInt(message.writerCounter[j]) : $util.Long.fromBits(message.writerCounter[j].low >>> 0, message.writerCounter[j].high >>> 0, true).toBigInt();
                        else if (typeof message.writerCounter[j] === "number")
                            object.writerCounter[j] = options.longs === $String ? $String(message.writerCounter[j]) : message.writerCounter[j];
                        else
                            object.writerCounter[j] = options.longs === $String ? $util.Long.prototype.toString.call(message.writerCounter[j]) : options.longs === $Number ? new $util.LongBits(message.writerCounter[j].low >>> 0, message.writerCounter[j].high >>> 0).toNumber(true) : message.writerCounter[j];
                }
                return object;
            };

            TopicCheckpoint.prototype.toJSON = function() {
                return TopicCheckpoint.toObject(this, $protobuf.util.toJSONOptions);
            };

            return TopicCheckpoint;
        })();

        v1.TopicSegment = (function() {

            const TopicSegment = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            TopicSegment.prototype.fromSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            TopicSegment.prototype.toSeq = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            TopicSegment.prototype.entries = 0;

            TopicSegment.create = function(properties) {
                return new TopicSegment(properties);
            };

            TopicSegment.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.fromSeq != null && $Object.hasOwnProperty.call(message, "fromSeq") && (typeof message.fromSeq === "object" ? message.fromSeq.low || message.fromSeq.high : message.fromSeq !== 0))
                    writer.uint32(8).uint64(message.fromSeq);
                if (message.toSeq != null && $Object.hasOwnProperty.call(message, "toSeq") && (typeof message.toSeq === "object" ? message.toSeq.low || message.toSeq.high : message.toSeq !== 0))
                    writer.uint32(16).uint64(message.toSeq);
                if (message.entries != null && $Object.hasOwnProperty.call(message, "entries") && message.entries !== 0)
                    writer.uint32(24).uint32(message.entries);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            TopicSegment.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.TopicSegment();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.fromSeq = value;
                            else
                                delete message.fromSeq;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.toSeq = value;
                            else
                                delete message.toSeq;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.entries = value;
                            else
                                delete message.entries;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            TopicSegment.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.TopicSegment)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.TopicSegment: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.TopicSegment();
                if (object.fromSeq != null)
                    if (typeof object.fromSeq === "object" ? object.fromSeq.low || object.fromSeq.high : $Number(object.fromSeq) !== 0)
                        if ($util.Long)
                            message.fromSeq = $util.Long.fromValue(object.fromSeq, true);
                        else if (typeof object.fromSeq === "string")
                            message.fromSeq = $parseInt(object.fromSeq, 10);
                        else if (typeof object.fromSeq === "number")
                            message.fromSeq = object.fromSeq;
                        else if (typeof object.fromSeq === "object")
                            message.fromSeq = new $util.LongBits(object.fromSeq.low >>> 0, object.fromSeq.high >>> 0).toNumber(true);
                if (object.toSeq != null)
                    if (typeof object.toSeq === "object" ? object.toSeq.low || object.toSeq.high : $Number(object.toSeq) !== 0)
                        if ($util.Long)
                            message.toSeq = $util.Long.fromValue(object.toSeq, true);
                        else if (typeof object.toSeq === "string")
                            message.toSeq = $parseInt(object.toSeq, 10);
                        else if (typeof object.toSeq === "number")
                            message.toSeq = object.toSeq;
                        else if (typeof object.toSeq === "object")
                            message.toSeq = new $util.LongBits(object.toSeq.low >>> 0, object.toSeq.high >>> 0).toNumber(true);
                if (object.entries != null)
                    if ($Number(object.entries) !== 0)
                        message.entries = object.entries >>> 0;
                return message;
            };

            TopicSegment.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.fromSeq = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.fromSeq = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.toSeq = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.toSeq = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.entries = 0;
                }
                if (message.fromSeq != null && $Object.hasOwnProperty.call(message, "fromSeq"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.fromSeq = typeof message.fromSeq === "number" ? $BigInt(message.fromSeq) : $util.Long.fromBits(message.fromSeq.low >>> 0, message.fromSeq.high >>> 0, true).toBigInt();
                    else if (typeof message.fromSeq === "number")
                        object.fromSeq = options.longs === $String ? $String(message.fromSeq) : message.fromSeq;
                    else
                        object.fromSeq = options.longs === $String ? $util.Long.prototype.toString.call(message.fromSeq) : options.longs === $Number ? new $util.LongBits(message.fromSeq.low >>> 0, message.fromSeq.high >>> 0).toNumber(true) : message.fromSeq;
                if (message.toSeq != null && $Object.hasOwnProperty.call(message, "toSeq"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.toSeq = typeof message.toSeq === "number" ? $BigInt(message.toSeq) : $util.Long.fromBits(message.toSeq.low >>> 0, message.toSeq.high >>> 0, true).toBigInt();
                    else if (typeof message.toSeq === "number")
                        object.toSeq = options.longs === $String ? $String(message.toSeq) : message.toSeq;
                    else
                        object.toSeq = options.longs === $String ? $util.Long.prototype.toString.call(message.toSeq) : options.longs === $Number ? new $util.LongBits(message.toSeq.low >>> 0, message.toSeq.high >>> 0).toNumber(true) : message.toSeq;
                if (message.entries != null && $Object.hasOwnProperty.call(message, "entries"))
                    object.entries = message.entries;
                return object;
            };

            TopicSegment.prototype.toJSON = function() {
                return TopicSegment.toObject(this, $protobuf.util.toJSONOptions);
            };

            return TopicSegment;
        })();

        v1.TopicGlance = (function() {

            const TopicGlance = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            TopicGlance.prototype.tenant = "";
            TopicGlance.prototype.topic = "";

            TopicGlance.create = function(properties) {
                return new TopicGlance(properties);
            };

            TopicGlance.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.tenant != null && $Object.hasOwnProperty.call(message, "tenant") && message.tenant !== "")
                    writer.uint32(10).string(message.tenant);
                if (message.topic != null && $Object.hasOwnProperty.call(message, "topic") && message.topic !== "")
                    writer.uint32(178).string(message.topic);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            TopicGlance.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.TopicGlance();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.tenant = value;
                            else
                                delete message.tenant;
                            continue;
                        }
                    case 22: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.topic = value;
                            else
                                delete message.topic;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            TopicGlance.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.TopicGlance)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.TopicGlance: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.TopicGlance();
                if (object.tenant != null)
                    if (typeof object.tenant !== "string" || object.tenant.length)
                        message.tenant = $String(object.tenant);
                if (object.topic != null)
                    if (typeof object.topic !== "string" || object.topic.length)
                        message.topic = $String(object.topic);
                return message;
            };

            TopicGlance.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    object.tenant = "";
                    object.topic = "";
                }
                if (message.tenant != null && $Object.hasOwnProperty.call(message, "tenant"))
                    object.tenant = message.tenant;
                if (message.topic != null && $Object.hasOwnProperty.call(message, "topic"))
                    object.topic = message.topic;
                return object;
            };

            TopicGlance.prototype.toJSON = function() {
                return TopicGlance.toObject(this, $protobuf.util.toJSONOptions);
            };

            return TopicGlance;
        })();

        v1.DownlinkPublish = (function() {

            const DownlinkPublish = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            DownlinkPublish.prototype.topic = "";
            DownlinkPublish.prototype.payload = $util.newBuffer([]);
            DownlinkPublish.prototype.qos = 0;
            DownlinkPublish.prototype.contentType = "";

            DownlinkPublish.create = function(properties) {
                return new DownlinkPublish(properties);
            };

            DownlinkPublish.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.topic != null && $Object.hasOwnProperty.call(message, "topic") && message.topic !== "")
                    writer.uint32(10).string(message.topic);
                if (message.payload != null && $Object.hasOwnProperty.call(message, "payload") && message.payload.length)
                    writer.uint32(18).bytes(message.payload);
                if (message.qos != null && $Object.hasOwnProperty.call(message, "qos") && message.qos !== 0)
                    writer.uint32(24).uint32(message.qos);
                if (message.contentType != null && $Object.hasOwnProperty.call(message, "contentType") && message.contentType !== "")
                    writer.uint32(34).string(message.contentType);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            DownlinkPublish.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.DownlinkPublish();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.topic = value;
                            else
                                delete message.topic;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.bytes()).length)
                                message.payload = value;
                            else
                                delete message.payload;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.qos = value;
                            else
                                delete message.qos;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.contentType = value;
                            else
                                delete message.contentType;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            DownlinkPublish.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.DownlinkPublish)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.DownlinkPublish: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.DownlinkPublish();
                if (object.topic != null)
                    if (typeof object.topic !== "string" || object.topic.length)
                        message.topic = $String(object.topic);
                if (object.payload != null)
                    if (object.payload.length)
                        if (typeof object.payload === "string")
                            $util.base64.decode(object.payload, message.payload = $util.newBuffer($util.base64.length(object.payload)), 0);
                        else if (object.payload.length >= 0)
                            message.payload = object.payload;
                if (object.qos != null)
                    if ($Number(object.qos) !== 0)
                        message.qos = object.qos >>> 0;
                if (object.contentType != null)
                    if (typeof object.contentType !== "string" || object.contentType.length)
                        message.contentType = $String(object.contentType);
                return message;
            };

            DownlinkPublish.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    object.topic = "";
                    if (options.bytes === $String)
                        object.payload = "";
                    else {
                        object.payload = [];
                        if (options.bytes !== $Array)
                            object.payload = $util.newBuffer(object.payload);
                    }
                    object.qos = 0;
                    object.contentType = "";
                }
                if (message.topic != null && $Object.hasOwnProperty.call(message, "topic"))
                    object.topic = message.topic;
                if (message.payload != null && $Object.hasOwnProperty.call(message, "payload"))
                    object.payload = options.bytes === $String ? $util.base64.encode(message.payload, 0, message.payload.length) : options.bytes === $Array ? $Array.prototype.slice.call(message.payload) : message.payload;
                if (message.qos != null && $Object.hasOwnProperty.call(message, "qos"))
                    object.qos = message.qos;
                if (message.contentType != null && $Object.hasOwnProperty.call(message, "contentType"))
                    object.contentType = message.contentType;
                return object;
            };

            DownlinkPublish.prototype.toJSON = function() {
                return DownlinkPublish.toObject(this, $protobuf.util.toJSONOptions);
            };

            return DownlinkPublish;
        })();

        v1.DownlinkReport = (function() {

            const DownlinkReport = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            DownlinkReport.prototype.topic = "";
            DownlinkReport.prototype.code = "";
            DownlinkReport.prototype.position = "";

            DownlinkReport.create = function(properties) {
                return new DownlinkReport(properties);
            };

            DownlinkReport.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.topic != null && $Object.hasOwnProperty.call(message, "topic") && message.topic !== "")
                    writer.uint32(10).string(message.topic);
                if (message.code != null && $Object.hasOwnProperty.call(message, "code") && message.code !== "")
                    writer.uint32(18).string(message.code);
                if (message.position != null && $Object.hasOwnProperty.call(message, "position") && message.position !== "")
                    writer.uint32(26).string(message.position);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            DownlinkReport.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.DownlinkReport();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.topic = value;
                            else
                                delete message.topic;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.code = value;
                            else
                                delete message.code;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.position = value;
                            else
                                delete message.position;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            DownlinkReport.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.DownlinkReport)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.DownlinkReport: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.DownlinkReport();
                if (object.topic != null)
                    if (typeof object.topic !== "string" || object.topic.length)
                        message.topic = $String(object.topic);
                if (object.code != null)
                    if (typeof object.code !== "string" || object.code.length)
                        message.code = $String(object.code);
                if (object.position != null)
                    if (typeof object.position !== "string" || object.position.length)
                        message.position = $String(object.position);
                return message;
            };

            DownlinkReport.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    object.topic = "";
                    object.code = "";
                    object.position = "";
                }
                if (message.topic != null && $Object.hasOwnProperty.call(message, "topic"))
                    object.topic = message.topic;
                if (message.code != null && $Object.hasOwnProperty.call(message, "code"))
                    object.code = message.code;
                if (message.position != null && $Object.hasOwnProperty.call(message, "position"))
                    object.position = message.position;
                return object;
            };

            DownlinkReport.prototype.toJSON = function() {
                return DownlinkReport.toObject(this, $protobuf.util.toJSONOptions);
            };

            return DownlinkReport;
        })();

        v1.DownlinkReports = (function() {

            const DownlinkReports = function (properties) {
                this.reports = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            DownlinkReports.prototype.reports = $util.emptyArray;

            DownlinkReports.create = function(properties) {
                return new DownlinkReports(properties);
            };

            DownlinkReports.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.reports != null && message.reports.length)
                    for (let i = 0; i < message.reports.length; ++i)
                        $root.twinfold.v1.DownlinkReport.encode(message.reports[i], writer.uint32(10).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            DownlinkReports.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.DownlinkReports();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if (!(message.reports && message.reports.length))
                                message.reports = [];
                            message.reports.push($root.twinfold.v1.DownlinkReport.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            DownlinkReports.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.DownlinkReports)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.DownlinkReports: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.DownlinkReports();
                if (object.reports) {
                    if (!$Array.isArray(object.reports))
                        throw $TypeError(".twinfold.v1.DownlinkReports.reports: array expected");
                    message.reports = $Array(object.reports.length);
                    for (let i = 0; i < object.reports.length; ++i) {
                        if (!$util.isObject(object.reports[i]))
                            throw $TypeError(".twinfold.v1.DownlinkReports.reports: object expected");
                        message.reports[i] = $root.twinfold.v1.DownlinkReport.fromObject(object.reports[i], _depth + 1);
                    }
                }
                return message;
            };

            DownlinkReports.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults)
                    object.reports = [];
                if (message.reports && message.reports.length) {
                    object.reports = $Array(message.reports.length);
                    for (let j = 0; j < message.reports.length; ++j)
                        object.reports[j] = $root.twinfold.v1.DownlinkReport.toObject(message.reports[j], options, _depth + 1);
                }
                return object;
            };

            DownlinkReports.prototype.toJSON = function() {
                return DownlinkReports.toObject(this, $protobuf.util.toJSONOptions);
            };

            return DownlinkReports;
        })();

        v1.Downlink = (function() {

            const Downlink = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            Downlink.prototype.tenant = "";
            Downlink.prototype.session = "";
            Downlink.prototype.connection = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Downlink.prototype.partition = 0;
            Downlink.prototype.ownerEpoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Downlink.prototype.deadlineMs = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            Downlink.prototype.publish = null;
            Downlink.prototype.takeOver = null;
            Downlink.prototype.close = null;
            Downlink.prototype.reports = null;

            let $oneOfFields;

            $Object.defineProperty(Downlink.prototype, "what", {
                get: $util.oneOfGetter($oneOfFields = ["publish", "takeOver", "close", "reports"]),
                set: $util.oneOfSetter($oneOfFields)
            });

            Downlink.create = function(properties) {
                return new Downlink(properties);
            };

            Downlink.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.tenant != null && $Object.hasOwnProperty.call(message, "tenant") && message.tenant !== "")
                    writer.uint32(10).string(message.tenant);
                if (message.session != null && $Object.hasOwnProperty.call(message, "session") && message.session !== "")
                    writer.uint32(18).string(message.session);
                if (message.connection != null && $Object.hasOwnProperty.call(message, "connection") && (typeof message.connection === "object" ? message.connection.low || message.connection.high : message.connection !== 0))
                    writer.uint32(24).uint64(message.connection);
                if (message.partition != null && $Object.hasOwnProperty.call(message, "partition") && message.partition !== 0)
                    writer.uint32(32).uint32(message.partition);
                if (message.ownerEpoch != null && $Object.hasOwnProperty.call(message, "ownerEpoch") && (typeof message.ownerEpoch === "object" ? message.ownerEpoch.low || message.ownerEpoch.high : message.ownerEpoch !== 0))
                    writer.uint32(40).uint64(message.ownerEpoch);
                if (message.deadlineMs != null && $Object.hasOwnProperty.call(message, "deadlineMs") && (typeof message.deadlineMs === "object" ? message.deadlineMs.low || message.deadlineMs.high : message.deadlineMs !== 0))
                    writer.uint32(48).uint64(message.deadlineMs);
                if (message.publish != null && $Object.hasOwnProperty.call(message, "publish"))
                    $root.twinfold.v1.DownlinkPublish.encode(message.publish, writer.uint32(58).fork(), _depth + 1).ldelim();
                if (message.takeOver != null && $Object.hasOwnProperty.call(message, "takeOver"))
                    writer.uint32(64).bool(message.takeOver);
                if (message.close != null && $Object.hasOwnProperty.call(message, "close"))
                    writer.uint32(72).uint32(message.close);
                if (message.reports != null && $Object.hasOwnProperty.call(message, "reports"))
                    $root.twinfold.v1.DownlinkReports.encode(message.reports, writer.uint32(82).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            Downlink.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.Downlink();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.tenant = value;
                            else
                                delete message.tenant;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.session = value;
                            else
                                delete message.session;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.connection = value;
                            else
                                delete message.connection;
                            continue;
                        }
                    case 4: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.uint32())
                                message.partition = value;
                            else
                                delete message.partition;
                            continue;
                        }
                    case 5: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.ownerEpoch = value;
                            else
                                delete message.ownerEpoch;
                            continue;
                        }
                    case 6: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.deadlineMs = value;
                            else
                                delete message.deadlineMs;
                            continue;
                        }
                    case 7: {
                            if (wireType !== 2)
                                break;
                            message.publish = $root.twinfold.v1.DownlinkPublish.decode(reader, reader.size(), $undefined, _depth + 1, message.publish);
                            message.what = "publish";
                            continue;
                        }
                    case 8: {
                            if (wireType !== 0)
                                break;
                            message.takeOver = reader.bool();
                            message.what = "takeOver";
                            continue;
                        }
                    case 9: {
                            if (wireType !== 0)
                                break;
                            message.close = reader.uint32();
                            message.what = "close";
                            continue;
                        }
                    case 10: {
                            if (wireType !== 2)
                                break;
                            message.reports = $root.twinfold.v1.DownlinkReports.decode(reader, reader.size(), $undefined, _depth + 1, message.reports);
                            message.what = "reports";
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            Downlink.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.Downlink)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.Downlink: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.Downlink();
                if (object.tenant != null)
                    if (typeof object.tenant !== "string" || object.tenant.length)
                        message.tenant = $String(object.tenant);
                if (object.session != null)
                    if (typeof object.session !== "string" || object.session.length)
                        message.session = $String(object.session);
                if (object.connection != null)
                    if (typeof object.connection === "object" ? object.connection.low || object.connection.high : $Number(object.connection) !== 0)
                        if ($util.Long)
                            message.connection = $util.Long.fromValue(object.connection, true);
                        else if (typeof object.connection === "string")
                            message.connection = $parseInt(object.connection, 10);
                        else if (typeof object.connection === "number")
                            message.connection = object.connection;
                        else if (typeof object.connection === "object")
                            message.connection = new $util.LongBits(object.connection.low >>> 0, object.connection.high >>> 0).toNumber(true);
                if (object.partition != null)
                    if ($Number(object.partition) !== 0)
                        message.partition = object.partition >>> 0;
                if (object.ownerEpoch != null)
                    if (typeof object.ownerEpoch === "object" ? object.ownerEpoch.low || object.ownerEpoch.high : $Number(object.ownerEpoch) !== 0)
                        if ($util.Long)
                            message.ownerEpoch = $util.Long.fromValue(object.ownerEpoch, true);
                        else if (typeof object.ownerEpoch === "string")
                            message.ownerEpoch = $parseInt(object.ownerEpoch, 10);
                        else if (typeof object.ownerEpoch === "number")
                            message.ownerEpoch = object.ownerEpoch;
                        else if (typeof object.ownerEpoch === "object")
                            message.ownerEpoch = new $util.LongBits(object.ownerEpoch.low >>> 0, object.ownerEpoch.high >>> 0).toNumber(true);
                if (object.deadlineMs != null)
                    if (typeof object.deadlineMs === "object" ? object.deadlineMs.low || object.deadlineMs.high : $Number(object.deadlineMs) !== 0)
                        if ($util.Long)
                            message.deadlineMs = $util.Long.fromValue(object.deadlineMs, true);
                        else if (typeof object.deadlineMs === "string")
                            message.deadlineMs = $parseInt(object.deadlineMs, 10);
                        else if (typeof object.deadlineMs === "number")
                            message.deadlineMs = object.deadlineMs;
                        else if (typeof object.deadlineMs === "object")
                            message.deadlineMs = new $util.LongBits(object.deadlineMs.low >>> 0, object.deadlineMs.high >>> 0).toNumber(true);
                if (object.publish != null) {
                    if (!$util.isObject(object.publish))
                        throw $TypeError(".twinfold.v1.Downlink.publish: object expected");
                    message.publish = $root.twinfold.v1.DownlinkPublish.fromObject(object.publish, _depth + 1);
                }
                if (object.takeOver != null)
                    message.takeOver = $Boolean(object.takeOver);
                if (object.close != null)
                    message.close = object.close >>> 0;
                if (object.reports != null) {
                    if (!$util.isObject(object.reports))
                        throw $TypeError(".twinfold.v1.Downlink.reports: object expected");
                    message.reports = $root.twinfold.v1.DownlinkReports.fromObject(object.reports, _depth + 1);
                }
                return message;
            };

            Downlink.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    object.tenant = "";
                    object.session = "";
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.connection = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.connection = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.partition = 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.ownerEpoch = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.ownerEpoch = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.deadlineMs = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.deadlineMs = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                }
                if (message.tenant != null && $Object.hasOwnProperty.call(message, "tenant"))
                    object.tenant = message.tenant;
                if (message.session != null && $Object.hasOwnProperty.call(message, "session"))
                    object.session = message.session;
                if (message.connection != null && $Object.hasOwnProperty.call(message, "connection"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.connection = typeof message.connection === "number" ? $BigInt(message.connection) : $util.Long.fromBits(message.connection.low >>> 0, message.connection.high >>> 0, true).toBigInt();
                    else if (typeof message.connection === "number")
                        object.connection = options.longs === $String ? $String(message.connection) : message.connection;
                    else
                        object.connection = options.longs === $String ? $util.Long.prototype.toString.call(message.connection) : options.longs === $Number ? new $util.LongBits(message.connection.low >>> 0, message.connection.high >>> 0).toNumber(true) : message.connection;
                if (message.partition != null && $Object.hasOwnProperty.call(message, "partition"))
                    object.partition = message.partition;
                if (message.ownerEpoch != null && $Object.hasOwnProperty.call(message, "ownerEpoch"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.ownerEpoch = typeof message.ownerEpoch === "number" ? $BigInt(message.ownerEpoch) : $util.Long.fromBits(message.ownerEpoch.low >>> 0, message.ownerEpoch.high >>> 0, true).toBigInt();
                    else if (typeof message.ownerEpoch === "number")
                        object.ownerEpoch = options.longs === $String ? $String(message.ownerEpoch) : message.ownerEpoch;
                    else
                        object.ownerEpoch = options.longs === $String ? $util.Long.prototype.toString.call(message.ownerEpoch) : options.longs === $Number ? new $util.LongBits(message.ownerEpoch.low >>> 0, message.ownerEpoch.high >>> 0).toNumber(true) : message.ownerEpoch;
                if (message.deadlineMs != null && $Object.hasOwnProperty.call(message, "deadlineMs"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.deadlineMs = typeof message.deadlineMs === "number" ? $BigInt(message.deadlineMs) : $util.Long.fromBits(message.deadlineMs.low >>> 0, message.deadlineMs.high >>> 0, true).toBigInt();
                    else if (typeof message.deadlineMs === "number")
                        object.deadlineMs = options.longs === $String ? $String(message.deadlineMs) : message.deadlineMs;
                    else
                        object.deadlineMs = options.longs === $String ? $util.Long.prototype.toString.call(message.deadlineMs) : options.longs === $Number ? new $util.LongBits(message.deadlineMs.low >>> 0, message.deadlineMs.high >>> 0).toNumber(true) : message.deadlineMs;
                if (message.publish != null && $Object.hasOwnProperty.call(message, "publish")) {
                    object.publish = $root.twinfold.v1.DownlinkPublish.toObject(message.publish, options, _depth + 1);
                    if (options.oneofs)
                        object.what = "publish";
                }
                if (message.takeOver != null && $Object.hasOwnProperty.call(message, "takeOver")) {
                    object.takeOver = message.takeOver;
                    if (options.oneofs)
                        object.what = "takeOver";
                }
                if (message.close != null && $Object.hasOwnProperty.call(message, "close")) {
                    object.close = message.close;
                    if (options.oneofs)
                        object.what = "close";
                }
                if (message.reports != null && $Object.hasOwnProperty.call(message, "reports")) {
                    object.reports = $root.twinfold.v1.DownlinkReports.toObject(message.reports, options, _depth + 1);
                    if (options.oneofs)
                        object.what = "reports";
                }
                return object;
            };

            Downlink.prototype.toJSON = function() {
                return Downlink.toObject(this, $protobuf.util.toJSONOptions);
            };

            return Downlink;
        })();

        v1.DownlinkCode = (function() {
            const valuesById = $Object.create(null), values = $Object.create(valuesById);
            values[valuesById[0] = "DOWNLINK_CODE_OK"] = 0;
            values[valuesById[1] = "DOWNLINK_CODE_OFFLINE"] = 1;
            values[valuesById[2] = "DOWNLINK_CODE_STALE_OWNER"] = 2;
            values[valuesById[3] = "DOWNLINK_CODE_TOO_LATE"] = 3;
            values[valuesById[4] = "DOWNLINK_CODE_NOT_SUBSCRIBED"] = 4;
            values[valuesById[5] = "DOWNLINK_CODE_FULL"] = 5;
            return values;
        })();

        v1.DownlinkReply = (function() {

            const DownlinkReply = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            DownlinkReply.prototype.code = 0;
            DownlinkReply.prototype.connection = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            DownlinkReply.prototype.last = null;

            DownlinkReply.create = function(properties) {
                return new DownlinkReply(properties);
            };

            DownlinkReply.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.code != null && $Object.hasOwnProperty.call(message, "code") && message.code !== 0)
                    writer.uint32(8).int32(message.code);
                if (message.connection != null && $Object.hasOwnProperty.call(message, "connection") && (typeof message.connection === "object" ? message.connection.low || message.connection.high : message.connection !== 0))
                    writer.uint32(16).uint64(message.connection);
                if (message.last != null && $Object.hasOwnProperty.call(message, "last"))
                    $root.twinfold.v1.SessionChange.encode(message.last, writer.uint32(26).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            DownlinkReply.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.DownlinkReply();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (value = reader.int32())
                                message.code = value;
                            else
                                delete message.code;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.connection = value;
                            else
                                delete message.connection;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 2)
                                break;
                            message.last = $root.twinfold.v1.SessionChange.decode(reader, reader.size(), $undefined, _depth + 1, message.last);
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            DownlinkReply.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.DownlinkReply)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.DownlinkReply: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.DownlinkReply();
                if (object.code !== 0 && (typeof object.code !== "string" || $root.twinfold.v1.DownlinkCode[object.code] !== 0))
                    switch (object.code) {
                    case "DOWNLINK_CODE_OK":
                    case 0:
                        message.code = 0;
                        break;
                    case "DOWNLINK_CODE_OFFLINE":
                    case 1:
                        message.code = 1;
                        break;
                    case "DOWNLINK_CODE_STALE_OWNER":
                    case 2:
                        message.code = 2;
                        break;
                    case "DOWNLINK_CODE_TOO_LATE":
                    case 3:
                        message.code = 3;
                        break;
                    case "DOWNLINK_CODE_NOT_SUBSCRIBED":
                    case 4:
                        message.code = 4;
                        break;
                    case "DOWNLINK_CODE_FULL":
                    case 5:
                        message.code = 5;
                        break;
                    default:
                        if (typeof object.code === "number" && (object.code | 0) === object.code)
                            message.code = object.code;
                    }
                if (object.connection != null)
                    if (typeof object.connection === "object" ? object.connection.low || object.connection.high : $Number(object.connection) !== 0)
                        if ($util.Long)
                            message.connection = $util.Long.fromValue(object.connection, true);
                        else if (typeof object.connection === "string")
                            message.connection = $parseInt(object.connection, 10);
                        else if (typeof object.connection === "number")
                            message.connection = object.connection;
                        else if (typeof object.connection === "object")
                            message.connection = new $util.LongBits(object.connection.low >>> 0, object.connection.high >>> 0).toNumber(true);
                if (object.last != null) {
                    if (!$util.isObject(object.last))
                        throw $TypeError(".twinfold.v1.DownlinkReply.last: object expected");
                    message.last = $root.twinfold.v1.SessionChange.fromObject(object.last, _depth + 1);
                }
                return message;
            };

            DownlinkReply.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    object.code = options.enums === $String ? "DOWNLINK_CODE_OK" : 0;
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.connection = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.connection = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                    object.last = null;
                }
                if (message.code != null && $Object.hasOwnProperty.call(message, "code"))
                    object.code = options.enums === $String ? $root.twinfold.v1.DownlinkCode[message.code] === $undefined ? message.code : $root.twinfold.v1.DownlinkCode[message.code] : message.code;
                if (message.connection != null && $Object.hasOwnProperty.call(message, "connection"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.connection = typeof message.connection === "number" ? $BigInt(message.connection) : $util.Long.fromBits(message.connection.low >>> 0, message.connection.high >>> 0, true).toBigInt();
                    else if (typeof message.connection === "number")
                        object.connection = options.longs === $String ? $String(message.connection) : message.connection;
                    else
                        object.connection = options.longs === $String ? $util.Long.prototype.toString.call(message.connection) : options.longs === $Number ? new $util.LongBits(message.connection.low >>> 0, message.connection.high >>> 0).toNumber(true) : message.connection;
                if (message.last != null && $Object.hasOwnProperty.call(message, "last"))
                    object.last = $root.twinfold.v1.SessionChange.toObject(message.last, options, _depth + 1);
                return object;
            };

            DownlinkReply.prototype.toJSON = function() {
                return DownlinkReply.toObject(this, $protobuf.util.toJSONOptions);
            };

            return DownlinkReply;
        })();

        v1.SharesHere = (function() {

            const SharesHere = function (properties) {
                this.groups = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            SharesHere.prototype.edgeEpoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            SharesHere.prototype.groups = $util.emptyArray;

            SharesHere.create = function(properties) {
                return new SharesHere(properties);
            };

            SharesHere.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.edgeEpoch != null && $Object.hasOwnProperty.call(message, "edgeEpoch") && (typeof message.edgeEpoch === "object" ? message.edgeEpoch.low || message.edgeEpoch.high : message.edgeEpoch !== 0))
                    writer.uint32(8).uint64(message.edgeEpoch);
                if (message.groups != null && message.groups.length)
                    for (let i = 0; i < message.groups.length; ++i)
                        writer.uint32(18).string(message.groups[i]);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            SharesHere.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.SharesHere();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.edgeEpoch = value;
                            else
                                delete message.edgeEpoch;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.groups && message.groups.length))
                                message.groups = [];
                            message.groups.push(reader.stringVerify());
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            SharesHere.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.SharesHere)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.SharesHere: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.SharesHere();
                if (object.edgeEpoch != null)
                    if (typeof object.edgeEpoch === "object" ? object.edgeEpoch.low || object.edgeEpoch.high : $Number(object.edgeEpoch) !== 0)
                        if ($util.Long)
                            message.edgeEpoch = $util.Long.fromValue(object.edgeEpoch, true);
                        else if (typeof object.edgeEpoch === "string")
                            message.edgeEpoch = $parseInt(object.edgeEpoch, 10);
                        else if (typeof object.edgeEpoch === "number")
                            message.edgeEpoch = object.edgeEpoch;
                        else if (typeof object.edgeEpoch === "object")
                            message.edgeEpoch = new $util.LongBits(object.edgeEpoch.low >>> 0, object.edgeEpoch.high >>> 0).toNumber(true);
                if (object.groups) {
                    if (!$Array.isArray(object.groups))
                        throw $TypeError(".twinfold.v1.SharesHere.groups: array expected");
                    message.groups = $Array(object.groups.length);
                    for (let i = 0; i < object.groups.length; ++i)
                        message.groups[i] = $String(object.groups[i]);
                }
                return message;
            };

            SharesHere.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults)
                    object.groups = [];
                if (options.defaults)
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.edgeEpoch = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.edgeEpoch = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                if (message.edgeEpoch != null && $Object.hasOwnProperty.call(message, "edgeEpoch"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.edgeEpoch = typeof message.edgeEpoch === "number" ? $BigInt(message.edgeEpoch) : $util.Long.fromBits(message.edgeEpoch.low >>> 0, message.edgeEpoch.high >>> 0, true).toBigInt();
                    else if (typeof message.edgeEpoch === "number")
                        object.edgeEpoch = options.longs === $String ? $String(message.edgeEpoch) : message.edgeEpoch;
                    else
                        object.edgeEpoch = options.longs === $String ? $util.Long.prototype.toString.call(message.edgeEpoch) : options.longs === $Number ? new $util.LongBits(message.edgeEpoch.low >>> 0, message.edgeEpoch.high >>> 0).toNumber(true) : message.edgeEpoch;
                if (message.groups && message.groups.length) {
                    object.groups = $Array(message.groups.length);
                    for (let j = 0; j < message.groups.length; ++j)
                        object.groups[j] = message.groups[j];
                }
                return object;
            };

            SharesHere.prototype.toJSON = function() {
                return SharesHere.toObject(this, $protobuf.util.toJSONOptions);
            };

            return SharesHere;
        })();

        v1.SessionsHere = (function() {

            const SessionsHere = function (properties) {
                this.sessions = [];
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            SessionsHere.prototype.edgeEpoch = $util.Long ? $util.Long.fromBits(0,0,true) : 0;
            SessionsHere.prototype.sessions = $util.emptyArray;

            SessionsHere.create = function(properties) {
                return new SessionsHere(properties);
            };

            SessionsHere.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.edgeEpoch != null && $Object.hasOwnProperty.call(message, "edgeEpoch") && (typeof message.edgeEpoch === "object" ? message.edgeEpoch.low || message.edgeEpoch.high : message.edgeEpoch !== 0))
                    writer.uint32(8).uint64(message.edgeEpoch);
                if (message.sessions != null && message.sessions.length)
                    for (let i = 0; i < message.sessions.length; ++i)
                        $root.twinfold.v1.SessionHere.encode(message.sessions[i], writer.uint32(18).fork(), _depth + 1).ldelim();
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            SessionsHere.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.SessionsHere();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.edgeEpoch = value;
                            else
                                delete message.edgeEpoch;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if (!(message.sessions && message.sessions.length))
                                message.sessions = [];
                            message.sessions.push($root.twinfold.v1.SessionHere.decode(reader, reader.size(), $undefined, _depth + 1));
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            SessionsHere.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.SessionsHere)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.SessionsHere: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.SessionsHere();
                if (object.edgeEpoch != null)
                    if (typeof object.edgeEpoch === "object" ? object.edgeEpoch.low || object.edgeEpoch.high : $Number(object.edgeEpoch) !== 0)
                        if ($util.Long)
                            message.edgeEpoch = $util.Long.fromValue(object.edgeEpoch, true);
                        else if (typeof object.edgeEpoch === "string")
                            message.edgeEpoch = $parseInt(object.edgeEpoch, 10);
                        else if (typeof object.edgeEpoch === "number")
                            message.edgeEpoch = object.edgeEpoch;
                        else if (typeof object.edgeEpoch === "object")
                            message.edgeEpoch = new $util.LongBits(object.edgeEpoch.low >>> 0, object.edgeEpoch.high >>> 0).toNumber(true);
                if (object.sessions) {
                    if (!$Array.isArray(object.sessions))
                        throw $TypeError(".twinfold.v1.SessionsHere.sessions: array expected");
                    message.sessions = $Array(object.sessions.length);
                    for (let i = 0; i < object.sessions.length; ++i) {
                        if (!$util.isObject(object.sessions[i]))
                            throw $TypeError(".twinfold.v1.SessionsHere.sessions: object expected");
                        message.sessions[i] = $root.twinfold.v1.SessionHere.fromObject(object.sessions[i], _depth + 1);
                    }
                }
                return message;
            };

            SessionsHere.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.arrays || options.defaults)
                    object.sessions = [];
                if (options.defaults)
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.edgeEpoch = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.edgeEpoch = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                if (message.edgeEpoch != null && $Object.hasOwnProperty.call(message, "edgeEpoch"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.edgeEpoch = typeof message.edgeEpoch === "number" ? $BigInt(message.edgeEpoch) : $util.Long.fromBits(message.edgeEpoch.low >>> 0, message.edgeEpoch.high >>> 0, true).toBigInt();
                    else if (typeof message.edgeEpoch === "number")
                        object.edgeEpoch = options.longs === $String ? $String(message.edgeEpoch) : message.edgeEpoch;
                    else
                        object.edgeEpoch = options.longs === $String ? $util.Long.prototype.toString.call(message.edgeEpoch) : options.longs === $Number ? new $util.LongBits(message.edgeEpoch.low >>> 0, message.edgeEpoch.high >>> 0).toNumber(true) : message.edgeEpoch;
                if (message.sessions && message.sessions.length) {
                    object.sessions = $Array(message.sessions.length);
                    for (let j = 0; j < message.sessions.length; ++j)
                        object.sessions[j] = $root.twinfold.v1.SessionHere.toObject(message.sessions[j], options, _depth + 1);
                }
                return object;
            };

            SessionsHere.prototype.toJSON = function() {
                return SessionsHere.toObject(this, $protobuf.util.toJSONOptions);
            };

            return SessionsHere;
        })();

        v1.SessionHere = (function() {

            const SessionHere = function (properties) {
                if (properties)
                    for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                        if (properties[keys[i]] != null && keys[i] !== "__proto__")
                            this[keys[i]] = properties[keys[i]];
            };

            SessionHere.prototype.tenant = "";
            SessionHere.prototype.session = "";
            SessionHere.prototype.connection = $util.Long ? $util.Long.fromBits(0,0,true) : 0;

            SessionHere.create = function(properties) {
                return new SessionHere(properties);
            };

            SessionHere.encode = function (message, writer, _depth) {
                if (!writer)
                    writer = $Writer.create();
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                if (message.tenant != null && $Object.hasOwnProperty.call(message, "tenant") && message.tenant !== "")
                    writer.uint32(10).string(message.tenant);
                if (message.session != null && $Object.hasOwnProperty.call(message, "session") && message.session !== "")
                    writer.uint32(18).string(message.session);
                if (message.connection != null && $Object.hasOwnProperty.call(message, "connection") && (typeof message.connection === "object" ? message.connection.low || message.connection.high : message.connection !== 0))
                    writer.uint32(24).uint64(message.connection);
                if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                    for (let i = 0; i < message.$unknowns.length; ++i)
                        writer.raw(message.$unknowns[i]);
                return writer;
            };

            SessionHere.decode = function (reader, length, _end, _depth, _target) {
                if (!(reader instanceof $Reader))
                    reader = $Reader.create(reader);
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $Reader.recursionLimit)
                    throw $Error("max depth exceeded");
                let end, message, value;
                if (length === $undefined)
                    end = reader.len;
                else {
                    end = reader.pos + length;
                    if (end > reader.len)
                        throw $RangeError("index out of range");
                    length = reader.len;
                    reader.len = end;
                }
                message = _target || new $root.twinfold.v1.SessionHere();
                while (reader.pos < end) {
                    let start = reader.pos;
                    let tag = reader.tag();
                    if (tag === _end) {
                        _end = $undefined;
                        break;
                    }
                    let wireType = tag & 7;
                    switch (tag >>>= 3) {
                    case 1: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.tenant = value;
                            else
                                delete message.tenant;
                            continue;
                        }
                    case 2: {
                            if (wireType !== 2)
                                break;
                            if ((value = reader.stringVerify()).length)
                                message.session = value;
                            else
                                delete message.session;
                            continue;
                        }
                    case 3: {
                            if (wireType !== 0)
                                break;
                            if (typeof (value = reader.uint64()) === "object" ? value.low || value.high : value !== 0)
                                message.connection = value;
                            else
                                delete message.connection;
                            continue;
                        }
                    }
                    reader.skipType(wireType, _depth, tag);
                    if (!reader.discardUnknown) {
                        $util.makeProp(message, "$unknowns", false);
                        (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                    }
                }
                if (length !== $undefined) {
                    if (reader.pos !== end)
                        throw $RangeError("index out of range");
                    reader.len = length;
                }
                if (_end !== $undefined)
                    throw $Error("missing end group");
                return message;
            };

            SessionHere.fromObject = function (object, _depth) {
                if (object instanceof $root.twinfold.v1.SessionHere)
                    return object;
                if (!$util.isObject(object))
                    throw $TypeError(".twinfold.v1.SessionHere: object expected");
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let message = new $root.twinfold.v1.SessionHere();
                if (object.tenant != null)
                    if (typeof object.tenant !== "string" || object.tenant.length)
                        message.tenant = $String(object.tenant);
                if (object.session != null)
                    if (typeof object.session !== "string" || object.session.length)
                        message.session = $String(object.session);
                if (object.connection != null)
                    if (typeof object.connection === "object" ? object.connection.low || object.connection.high : $Number(object.connection) !== 0)
                        if ($util.Long)
                            message.connection = $util.Long.fromValue(object.connection, true);
                        else if (typeof object.connection === "string")
                            message.connection = $parseInt(object.connection, 10);
                        else if (typeof object.connection === "number")
                            message.connection = object.connection;
                        else if (typeof object.connection === "object")
                            message.connection = new $util.LongBits(object.connection.low >>> 0, object.connection.high >>> 0).toNumber(true);
                return message;
            };

            SessionHere.toObject = function (message, options, _depth) {
                if (!options)
                    options = {};
                if (_depth === $undefined)
                    _depth = 0;
                if (_depth > $util.recursionLimit)
                    throw $Error("max depth exceeded");
                let object = {};
                if (options.defaults) {
                    object.tenant = "";
                    object.session = "";
                    if ($util.Long) {
                        let long = new $util.Long(0, 0, true);
                        object.connection = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                    } else
                        object.connection = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                }
                if (message.tenant != null && $Object.hasOwnProperty.call(message, "tenant"))
                    object.tenant = message.tenant;
                if (message.session != null && $Object.hasOwnProperty.call(message, "session"))
                    object.session = message.session;
                if (message.connection != null && $Object.hasOwnProperty.call(message, "connection"))
                    if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                        object.connection = typeof message.connection === "number" ? $BigInt(message.connection) : $util.Long.fromBits(message.connection.low >>> 0, message.connection.high >>> 0, true).toBigInt();
                    else if (typeof message.connection === "number")
                        object.connection = options.longs === $String ? $String(message.connection) : message.connection;
                    else
                        object.connection = options.longs === $String ? $util.Long.prototype.toString.call(message.connection) : options.longs === $Number ? new $util.LongBits(message.connection.low >>> 0, message.connection.high >>> 0).toNumber(true) : message.connection;
                return object;
            };

            SessionHere.prototype.toJSON = function() {
                return SessionHere.toObject(this, $protobuf.util.toJSONOptions);
            };

            return SessionHere;
        })();

        return v1;
    })();

    return twinfold;
})();

export {
  $root as default
};

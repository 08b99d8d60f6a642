package io.manul.broker;

import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttReasonCodes.Disconnect;
import io.netty.handler.codec.mqtt.MqttReasonCodes.PubAck;
import io.netty.handler.codec.mqtt.MqttReasonCodes.SubAck;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttUnacceptableProtocolVersionException;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client's connection: reads its packets in order, answers them (MQTT 5.0, chapter 3). The event loop's thread only. */
final class Connection extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final short UNSUBSCRIBED = 0x00;
    private static final short NO_SUBSCRIPTION = 0x11;

    private final Broker broker;
    private final Counts counts;
    private final Supplier<Optional<Access>> authenticated;
    private final String[] aliases;
    private ChannelHandlerContext ctx;
    private Access access;
    private Session session;
    private ConnectRequest request;
    private Rate rate;
    private boolean closing;
    /** A refused topic is told once in the log. */
    private boolean refusalTold;

    /** @param authenticated who the peer is, once TLS is up; empty: nobody whom this broker knows */
    Connection(Broker broker, Counts counts, Supplier<Optional<Access>> authenticated) {
        this.broker = broker;
        this.counts = counts;
        this.authenticated = authenticated;
        this.aliases = new String[broker.limits.aliases() + 1];
    }

    // ---- what the broker asks

    int receiveMaximum() {
        return request.receiveMaximum();
    }

    int maxPacket() {
        return request.maxPacket();
    }

    boolean writable() {
        return !closing && ctx.channel().isWritable();
    }

    void send(MqttMessage packet) {
        ctx.writeAndFlush(packet);
    }

    /**
     * Tells the client why, and closes a little later: what it still sends is read and thrown away, because closing over
     * unread bytes would reset the connection and take the reason with it.
     */
    void close(Disconnect why) {
        if (!closing) {
            closing = true;
            last(Packets.disconnect(why));
        }
    }

    private void last(MqttMessage packet) {
        ctx.channel().config().setAutoRead(true);
        ctx.writeAndFlush(packet);
        ctx.executor().schedule(() -> ctx.close(), Limits.LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS);
    }

    // ---- life

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        ctx = context;
        ctx.executor().schedule(() -> {
            if (session == null) {
                ctx.close();
            }
        }, Limits.CONNECT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ended(true);
    }

    private void ended(boolean withWill) {
        if (session != null) {
            broker.lost(this, session, withWill);
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        // a client that does not read is not read either: what we owe it stays bounded
        context.channel().config().setAutoRead(closing || context.channel().isWritable());
        if (session != null && session.connection == this && writable()) {
            broker.pump(session);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof IdleStateEvent) {
            LOG.info("Client is silent beyond its keep-alive, closed identity={} client={} keepAlive={}s", access.identity(), session.clientId,
                    request.keepAlive());
            closing = true;
            ctx.writeAndFlush(Packets.disconnect(Disconnect.KEEP_ALIVE_TIMEOUT));
            ctx.close(); // it may be gone without a word: nothing is waited for
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("A connection failed address={} error={}", context.channel().remoteAddress(), cause.toString());
        } else {
            counts.failed(cause);
            LOG.error("A packet could not be handled, the connection is closed address={}", context.channel().remoteAddress(), cause);
        }
        context.close();
    }

    // ---- packets

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        try {
            if (!closing) {
                packet((MqttMessage) read);
                counts.packet();
            }
        } finally {
            ReferenceCountUtil.release(read);
        }
    }

    private void packet(MqttMessage m) {
        if (m.decoderResult().isFailure()) {
            undecodable(m.decoderResult().cause());
        } else if (session == null) {
            if (m instanceof MqttConnectMessage connect) {
                connect(connect);
            } else {
                ctx.close();
            }
        } else {
            switch (m.fixedHeader().messageType()) {
                case PUBLISH -> publish((MqttPublishMessage) m);
                case PUBACK -> broker.acknowledged(session, ((MqttMessageIdVariableHeader) m.variableHeader()).messageId());
                case SUBSCRIBE -> subscribe((MqttSubscribeMessage) m);
                case UNSUBSCRIBE -> unsubscribe((MqttUnsubscribeMessage) m);
                case PINGREQ -> send(Packets.pong());
                case DISCONNECT -> disconnect(m);
                default -> close(Disconnect.PROTOCOL_ERROR);
            }
        }
    }

    private void undecodable(Throwable cause) {
        LOG.info("A packet was refused address={} identity={} why={}", ctx.channel().remoteAddress(), access == null ? "" : access.identity(),
                cause.getMessage());
        if (session != null) {
            close(cause instanceof TooLongFrameException ? Disconnect.PACKET_TOO_LARGE : Disconnect.MALFORMED_PACKET);
        } else if (cause instanceof MqttUnacceptableProtocolVersionException) {
            refuse(MqttConnectReturnCode.CONNECTION_REFUSED_UNACCEPTABLE_PROTOCOL_VERSION);
        } else {
            ctx.close();
        }
    }

    private void refuse(MqttConnectReturnCode code) {
        closing = true;
        last(Packets.connAck(code, false, MqttProperties.NO_PROPERTIES));
    }

    private void connect(MqttConnectMessage m) {
        try {
            access = authenticated.get().orElseThrow(() -> new ConnectRequest.Refused(MqttConnectReturnCode.CONNECTION_REFUSED_NOT_AUTHORIZED_5,
                    "its certificate is neither a node's nor the server's"));
            if (!broker.mayConnectNow()) {
                throw new ConnectRequest.Refused(MqttConnectReturnCode.CONNECTION_REFUSED_CONNECTION_RATE_EXCEEDED, "too many connect at once");
            }
            request = ConnectRequest.of(m, access, broker.limits);
            if (!broker.room(access, request.clientId())) {
                throw new ConnectRequest.Refused(MqttConnectReturnCode.CONNECTION_REFUSED_QUOTA_EXCEEDED, "too many sessions");
            }
        } catch (ConnectRequest.Refused e) {
            LOG.warn("Client not let in address={} identity={} why={}", ctx.channel().remoteAddress(), access == null ? "unknown" : access.identity(),
                    e.getMessage());
            refuse(e.code);
            return;
        }
        rate = new Rate(broker.limits.bytesPerSecond(), broker.limits.burstBytes(), broker.now());
        Broker.Opened opened = broker.open(this, access, request.clientId(), request.cleanStart(), request.expirySeconds(), request.will());
        session = opened.session();
        ctx.pipeline().addBefore(ctx.name(), "keep-alive", new IdleStateHandler(request.keepAlive() * 1500L, 0, 0, TimeUnit.MILLISECONDS));
        send(Packets.connAck(MqttConnectReturnCode.CONNECTION_ACCEPTED, opened.resumed(), request.answer(broker.limits)));
        broker.resume(session);
        LOG.debug("Client connected identity={} client={} resumed={}", access.identity(), session.clientId, opened.resumed());
    }

    private void publish(MqttPublishMessage m) {
        int qos = m.fixedHeader().qosLevel().value();
        int id = m.variableHeader().packetId();
        MqttProperties properties = m.variableHeader().properties();
        if (!access.server() && !rate.take(m.fixedHeader().remainingLength(), broker.now())) {
            LOG.warn("Client publishes too much, closed identity={} client={} limit={}B/s burst={}B", access.identity(), session.clientId,
                    broker.limits.bytesPerSecond(), broker.limits.burstBytes());
            close(Disconnect.MESSAGE_RATE_TOO_HIGH);
            return;
        }
        if (qos > 1) {
            close(Disconnect.QOS_NOT_SUPPORTED);
            return;
        }
        String topic = topic(m.variableHeader().topicName(), Packets.number(properties, MqttProperties.TOPIC_ALIAS, -1));
        if (topic == null) {
            return;
        }
        PubAck answer;
        if (access.mayPublish(topic)) {
            answer = broker.publish(session, new Message(topic, ByteBufUtil.getBytes(m.payload()), qos, m.fixedHeader().isRetain(),
                    Packets.expiresAt(properties, broker.now()), Packets.passed(properties)));
        } else {
            answer = PubAck.NOT_AUTHORIZED;
            refused("publish to", topic);
        }
        if (qos == 1 && !closing) {
            send(Packets.pubAck(id, answer));
        }
    }

    /** The topic that a packet means (MQTT 5.0, 3.3.2.3.4); null when the connection was closed for it. */
    private String topic(String name, long alias) {
        if (alias == 0 || alias >= aliases.length) {
            close(Disconnect.TOPIC_ALIAS_INVALID);
            return null;
        }
        boolean named = name != null && !name.isEmpty();
        String topic = named || alias < 0 ? name : aliases[(int) alias];
        if (topic == null || topic.isEmpty()) {
            close(Disconnect.PROTOCOL_ERROR);
            return null;
        }
        if (!Topics.name(topic)) {
            close(Disconnect.TOPIC_NAME_INVALID);
            return null;
        }
        if (alias > 0) {
            aliases[(int) alias] = topic;
        }
        return topic;
    }

    private void refused(String what, String topic) {
        if (!refusalTold) {
            refusalTold = true;
            LOG.warn("Client may not {} this topic; others are refused silently identity={} client={} topic={}", what, access.identity(),
                    session.clientId, topic);
        }
    }

    private void subscribe(MqttSubscribeMessage m) {
        long subId = Packets.number(m.idAndPropertiesVariableHeader().properties(), MqttProperties.SUBSCRIPTION_IDENTIFIER, 0);
        List<SubAck> answers = new ArrayList<>();
        List<Session.Outbound> first = new ArrayList<>(0);
        for (MqttTopicSubscription wish : m.payload().topicSubscriptions()) {
            answers.add(subscribe(wish.topicFilter(), wish.option(), (int) subId, first));
        }
        send(Packets.subAck(m.variableHeader().messageId(), answers));
        broker.deliverFirst(session, first);
    }

    private SubAck subscribe(String filter, MqttSubscriptionOption option, int subId, List<Session.Outbound> first) {
        if (filter.startsWith("$share/")) {
            return SubAck.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED;
        }
        if (!Topics.filter(filter)) {
            return SubAck.TOPIC_FILTER_INVALID;
        }
        if (!access.maySubscribe(filter)) {
            refused("subscribe to", filter);
            return SubAck.NOT_AUTHORIZED;
        }
        int qos = Math.min(1, option.qos().value());
        Broker.RetainHandling handling = switch (option.retainHandling()) {
            case SEND_AT_SUBSCRIBE -> Broker.RetainHandling.ALWAYS;
            case SEND_AT_SUBSCRIBE_IF_NOT_YET_EXISTS -> Broker.RetainHandling.WHEN_NEW;
            case DONT_SEND_AT_SUBSCRIBE -> Broker.RetainHandling.NEVER;
        };
        Subscription sub = new Subscription(filter, qos, option.isNoLocal(), option.isRetainAsPublished(), subId);
        if (!broker.subscribe(session, sub, handling, first)) {
            return SubAck.QUOTA_EXCEEDED;
        }
        return qos == 0 ? SubAck.GRANTED_QOS_0 : SubAck.GRANTED_QOS_1;
    }

    private void unsubscribe(MqttUnsubscribeMessage m) {
        List<Short> answers = new ArrayList<>();
        for (String filter : m.payload().topics()) {
            answers.add(broker.unsubscribe(session, filter) ? UNSUBSCRIBED : NO_SUBSCRIPTION);
        }
        send(Packets.unsubAck(m.variableHeader().messageId(), answers));
    }

    /** The client goes (MQTT 5.0, 3.14): without its Will, unless it asks for it. */
    private void disconnect(MqttMessage m) {
        boolean withWill = false;
        if (m.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader head) {
            withWill = head.reasonCode() != Disconnect.NORMAL_DISCONNECT.byteValue();
            long expiry = Packets.number(head.properties(), MqttProperties.SESSION_EXPIRY_INTERVAL, session.expirySeconds);
            if (session.expirySeconds == 0 && expiry != 0) {
                close(Disconnect.PROTOCOL_ERROR);
                return;
            }
            session.expirySeconds = Math.min(expiry, Limits.SESSION_EXPIRY);
        }
        closing = true;
        ended(withWill);
        ctx.close();
    }
}

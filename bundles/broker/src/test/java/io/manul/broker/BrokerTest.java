package io.manul.broker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.api.pki.Pki;
import io.manul.api.testing.TestPki;
import io.manul.api.testing.TestSettings;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubscriptionOption;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The broker over real TLS connections, packet by packet. */
@org.junit.jupiter.api.Timeout(value = 30, threadMode = org.junit.jupiter.api.Timeout.ThreadMode.SEPARATE_THREAD)
class BrokerTest {

    private static final TestPki PKI = new TestPki("cam-7");
    private static final String ROOT = "kn/v1/" + ClusterName.of(PKI.serverCa()) + "/";
    private static final String HB = ROOT + "n/cam-7/hb";
    private static final String DEATH = ROOT + "n/cam-7/death";
    private static final String CMD = ROOT + "n/cam-7/cmd";
    private static final Limits SMALL = new Limits(20, 20, 2, 1000, 3, 2, 3, 100_000, 100, 4, 100_000, 8, 1000, 8_000);

    private static EventLoopGroup clients;
    private final List<Raw> open = new ArrayList<>();
    private BrokerComponent broker;
    private int port;

    @BeforeAll
    static void clients() {
        clients = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    }

    @AfterAll
    static void noClients() {
        clients.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
    }

    private static BrokerComponent broker(int port) {
        return new BrokerComponent(TestSettings.of("cam-7", Map.of("mqtt-listen-port", String.valueOf(port))), PKI, SMALL);
    }

    @BeforeEach
    void begin() throws Exception {
        broker = broker(0);
        broker.begin(new byte[0]);
        port = broker.port();
    }

    @AfterEach
    void end() throws Exception {
        for (Raw r : open) {
            r.close();
        }
        broker.end();
        assertEquals("", broker.health().message());
    }

    private Raw client(Pki.Identity who) throws Exception {
        Raw r = new Raw(clients, port, PKI, who);
        open.add(r);
        return r;
    }

    private Raw node(String id) throws Exception {
        return client(PKI.node("cam-7")).connect(id, false, 3600).expect("CONNACK 00");
    }

    private Raw server() throws Exception {
        return client(PKI.server()).connect("server", false, 3600).expect("CONNACK 00");
    }

    @Test
    void deliversByWildcardWithTheLowerQos() throws Exception {
        Raw server = server().subscribe(1, ROOT + "n/+/#").expect("SUBACK [1]");
        Raw node = node("a").publish(HB, 0, "x").publish(HB, 1, "y").expect("PUBACK 00");
        server.expect("PUBLISH " + HB + " q0 x", "PUBLISH " + HB + " q1 y");
        server.unsubscribe(ROOT + "n/+/#", "kn/v1/none").expect("UNSUBACK [0, 17]");
        node.publish(HB, 1, "z").expect("PUBACK 10");
        server.expectNothing();
    }

    @Test
    void theAclHoldsForPublishSubscribeAndWill() throws Exception {
        Raw server = server().subscribe(1, "kn/v1/#").expect("SUBACK [1]");
        Raw node = node("a");
        node.publish(ROOT + "n/cam-8/hb", 1, "x").expect("PUBACK 87");
        node.publish(ROOT + "n/cam-8/hb", 0, "x").publish("other", 0, "x");
        node.subscribe(1, ROOT + "n/cam-8/cmd", "#", CMD, ROOT + "state/#").expect("SUBACK [135, 135, 1, 1]");
        node.publish(HB, 0, "mine");
        server.expect("PUBLISH " + HB + " q0 mine");
        client(PKI.node("cam-7")).connectWithWill("w", true, 60, 0, ROOT + "n/cam-8/death", "x", 1, false, 0).expect("CONNACK 87", "closed");
    }

    @Test
    void othersAreNotLetIn() throws Exception {
        client(PKI.client("admin", "system:admin", List.of("system:masters"))).connect("a", true, 0).expect("CONNACK 87", "closed");
        String none = client(null).connect("a", true, 0).take();
        assertTrue(none.startsWith("error") || none.equals("closed"), none);
        String foreign = client(new TestPki("x").node("cam-7")).connect("a", true, 0).take();
        assertTrue(foreign.startsWith("error") || foreign.equals("closed"), foreign);
    }

    @Test
    void retainedMessagesComeAtSubscription() throws Exception {
        Raw node = node("a").publish(ROOT + "n/cam-7/birth", 1, true, "born", MqttProperties.NO_PROPERTIES).expect("PUBACK 10");
        Raw server = server().subscribe(1, ROOT + "n/+/#").expect("SUBACK [1]", "PUBLISH " + ROOT + "n/cam-7/birth q1 retain born");
        server.subscribe(0, new MqttSubscriptionOption(MqttQoS.AT_LEAST_ONCE, false, false,
                MqttSubscriptionOption.RetainedHandlingPolicy.SEND_AT_SUBSCRIBE_IF_NOT_YET_EXISTS), ROOT + "n/+/#").expect("SUBACK [1]").expectNothing();
        node.publish(ROOT + "n/cam-7/birth", 1, true, "", MqttProperties.NO_PROPERTIES).expect("PUBACK 00");
        server.expect("PUBLISH " + ROOT + "n/cam-7/birth q1 ").subscribe(1, "kn/v1/#").expect("SUBACK [1]").expectNothing();
        for (int i = 0; i < 4; i++) {
            node.publish(ROOT + "n/cam-7/r" + i, 1, true, "x", MqttProperties.NO_PROPERTIES).expect("PUBACK 00");
        }
        node.publish(ROOT + "n/cam-7/r5", 1, true, "x", MqttProperties.NO_PROPERTIES).expect("PUBACK 97");
    }

    @Test
    void aSessionKeepsSubscriptionsAndMessages() throws Exception {
        Raw node = node("a").subscribe(1, CMD).expect("SUBACK [1]");
        node.cut();
        Raw server = server();
        for (String m : List.of("1", "2", "3", "4")) {
            server.publish(CMD, 1, m).expect("PUBACK 00");
        }
        server.publish(CMD, 0, "lost");
        // three are the most that wait; the oldest made room
        client(PKI.node("cam-7")).connect("a", false, 3600).expect("CONNACK 00 present", "PUBLISH " + CMD + " q1 2", "PUBLISH " + CMD + " q1 3",
                "PUBLISH " + CMD + " q1 4").expectNothing();
        client(PKI.node("cam-7")).connect("a", true, 3600).expect("CONNACK 00");
        server.publish(CMD, 1, "5").expect("PUBACK 10");
    }

    @Test
    void whatWasNotAcknowledgedIsSentAgain() throws Exception {
        Raw node = node("a").withoutAcks().subscribe(1, CMD).expect("SUBACK [1]");
        Raw server = server();
        for (String m : List.of("1", "2", "3")) {
            server.publish(CMD, 1, m).expect("PUBACK 00");
        }
        node.expect("PUBLISH " + CMD + " q1 1", "PUBLISH " + CMD + " q1 2").expectNothing(); // two may be in flight
        node.send(Raw.pubAck(1)).expect("PUBLISH " + CMD + " q1 3");
        node.cut();
        client(PKI.node("cam-7")).connect("a", false, 3600).expect("CONNACK 00 present", "PUBLISH " + CMD + " q1 dup 2", "PUBLISH " + CMD + " q1 dup 3");
    }

    @Test
    void theClientsReceiveMaximumHolds() throws Exception {
        Raw node = client(PKI.node("cam-7")).withoutAcks().connect("a", true, 60, Raw.properties(MqttProperties.RECEIVE_MAXIMUM, 1)).expect("CONNACK 00")
                .subscribe(1, CMD).expect("SUBACK [1]");
        Raw server = server().publish(CMD, 1, "1").publish(CMD, 1, "2").expect("PUBACK 00", "PUBACK 00");
        node.expect("PUBLISH " + CMD + " q1 1").expectNothing().send(Raw.pubAck(1)).expect("PUBLISH " + CMD + " q1 2");
        server.expectNothing();
    }

    @Test
    void anotherCertificateIsAnotherSession() throws Exception {
        Raw node = node("a");
        client(PKI.node("cam-8")).connect("a", false, 3600).expect("CONNACK 00");
        node.expectNothing();
    }

    @Test
    void aTakenOverConnectionIsTold() throws Exception {
        Raw first = node("a");
        client(PKI.node("cam-7")).connect("a", false, 3600).expect("CONNACK 00 present");
        first.expect("DISCONNECT 8e", "closed");
    }

    @Test
    void aNodeHasFewSessions() throws Exception {
        node("a");
        node("b");
        client(PKI.node("cam-7")).connect("c", false, 3600).expect("CONNACK 97", "closed");
        client(PKI.node("cam-8")).connect("c", false, 3600).expect("CONNACK 00");
    }

    @Test
    void aSessionHasFewSubscriptions() throws Exception {
        node("a").subscribe(0, CMD + "/1", CMD + "/2", CMD + "/3", CMD + "/4", CMD + "/1").expect("SUBACK [0, 0, 0, 151, 0]");
    }

    // ---- wills

    @Test
    void aLostClientsWillComesAfterItsDelay() throws Exception {
        Raw server = server().subscribe(1, ROOT + "n/+/death").expect("SUBACK [1]");
        Raw node = client(PKI.node("cam-7")).connectWithWill("a", false, 60, 3600, DEATH, "dead", 1, false, 1).expect("CONNACK 00");
        long at = System.nanoTime();
        node.cut();
        server.expect("PUBLISH " + DEATH + " q1 dead");
        long millis = (System.nanoTime() - at) / 1_000_000;
        assertTrue(millis >= 950 && millis < 3000, millis + " ms");
    }

    @Test
    void aClientThatComesBackInTimeIsNotDead() throws Exception {
        Raw server = server().subscribe(1, ROOT + "n/+/death").expect("SUBACK [1]");
        client(PKI.node("cam-7")).connectWithWill("a", false, 60, 3600, DEATH, "first", 1, false, 1).expect("CONNACK 00").cut();
        Raw again = client(PKI.node("cam-7")).connectWithWill("a", false, 60, 3600, DEATH, "second", 1, false, 1).expect("CONNACK 00 present");
        again.cut();
        server.expect("PUBLISH " + DEATH + " q1 second").expectNothing();
    }

    @Test
    void aWillNeverOutlivesItsSession() throws Exception {
        Raw server = server().subscribe(1, ROOT + "n/+/death").expect("SUBACK [1]");
        client(PKI.node("cam-7")).connectWithWill("a", true, 60, 0, DEATH, "dead", 1, false, 3600).expect("CONNACK 00").cut();
        server.expect("PUBLISH " + DEATH + " q1 dead");
    }

    @Test
    void aGoodbyeTakesTheWillBackUnlessItAsksForIt() throws Exception {
        Raw server = server().subscribe(1, ROOT + "n/+/death").expect("SUBACK [1]");
        client(PKI.node("cam-7")).connectWithWill("a", true, 60, 0, DEATH, "no", 1, false, 0).expect("CONNACK 00").disconnect(0).expect("closed");
        server.expectNothing();
        client(PKI.node("cam-7")).connectWithWill("a", true, 60, 0, DEATH, "yes", 1, false, 0).expect("CONNACK 00").disconnect(4).expect("closed");
        server.expect("PUBLISH " + DEATH + " q1 yes");
    }

    @Test
    void aCleanStartEndsTheOldSessionAndSoItsWillIsDue() throws Exception {
        Raw server = server().subscribe(1, ROOT + "n/+/death").expect("SUBACK [1]");
        client(PKI.node("cam-7")).connectWithWill("a", false, 60, 3600, DEATH, "old", 1, false, 3600).expect("CONNACK 00").cut();
        client(PKI.node("cam-7")).connect("a", true, 0).expect("CONNACK 00");
        server.expect("PUBLISH " + DEATH + " q1 old");
    }

    @Test
    void silenceBeyondTheKeepAliveIsLoss() throws Exception {
        Raw server = server().subscribe(1, ROOT + "n/+/death").expect("SUBACK [1]");
        long at = System.nanoTime();
        client(PKI.node("cam-7")).connectWithWill("a", true, 1, 0, DEATH, "silent", 1, false, 0).expect("CONNACK 00", "DISCONNECT 8d", "closed");
        long millis = (System.nanoTime() - at) / 1_000_000;
        assertTrue(millis >= 1400 && millis < 4000, millis + " ms");
        server.expect("PUBLISH " + DEATH + " q1 silent");
    }

    // ---- properties

    @Test
    void anAliasStandsForItsTopic() throws Exception {
        Raw server = server().subscribe(0, ROOT + "n/+/hb").expect("SUBACK [0]");
        MqttProperties one = Raw.properties(MqttProperties.TOPIC_ALIAS, 1);
        node("a").publish(HB, 0, false, "1", one).publish("", 0, false, "2", one);
        server.expect("PUBLISH " + HB + " q0 1", "PUBLISH " + HB + " q0 2");
    }

    @Test
    void propertiesTravelAndExpiryCountsDown() throws Exception {
        Raw server = server().subscribe(5, MqttSubscriptionOption.onlyFromQos(MqttQoS.AT_MOST_ONCE), ROOT + "n/+/rsp").expect("SUBACK [0]");
        MqttProperties p = Raw.properties(MqttProperties.PUBLICATION_EXPIRY_INTERVAL, 30);
        p.add(new MqttProperties.BinaryProperty(MqttProperties.CORRELATION_DATA, "c1".getBytes(StandardCharsets.UTF_8)));
        node("a").publish(ROOT + "n/cam-7/rsp", 0, false, "x", p);
        server.expect("PUBLISH " + ROOT + "n/cam-7/rsp q0 9=c1 2=30 11=5 x");
    }

    @Test
    void anExpiredMessageIsNotDelivered() throws Exception {
        Raw node = node("a").subscribe(1, CMD).expect("SUBACK [1]");
        node.cut();
        server().publish(CMD, 1, false, "old", Raw.properties(MqttProperties.PUBLICATION_EXPIRY_INTERVAL, 0)).expect("PUBACK 00")
                .publish(CMD, 1, "new").expect("PUBACK 00");
        client(PKI.node("cam-7")).connect("a", false, 3600).expect("CONNACK 00 present", "PUBLISH " + CMD + " q1 new");
    }

    // ---- what is refused, by which code

    @Test
    void badPacketsAreAnsweredWithTheirReason() throws Exception {
        MqttProperties nine = Raw.properties(MqttProperties.TOPIC_ALIAS, 9);
        node("a").publish(HB, 0, false, "x", nine).expect("DISCONNECT 94", "closed");
        node("b").publish("", 0, false, "x", Raw.properties(MqttProperties.TOPIC_ALIAS, 1)).expect("DISCONNECT 82", "closed");
        client(PKI.node("cam-8")).connect("a", true, 0).expect("CONNACK 00").publish(HB, 2, "x").expect("DISCONNECT 9b", "closed");
        client(PKI.node("cam-8")).connect("a", true, 0).expect("CONNACK 00").connect("a", true, 0).expect("DISCONNECT 82", "closed");
        client(PKI.node("cam-8")).connect("a", true, 0).expect("CONNACK 00").subscribe(0, "$share/g/" + HB, "a#").expect("SUBACK [158, 143]");
        client(PKI.node("cam-9")).publish(HB, 0, "x").expect("closed");
        client(PKI.server()).connect("big", true, 0).expect("CONNACK 00").publish(ROOT + "x", 0, "x".repeat(Limits.PACKET)).expect("DISCONNECT 95", "closed");
        client(PKI.node("cam-9")).connect("a", true, 0).expect("CONNACK 00").sendBytes(new byte[] {(byte) 0x80, 0x02, 0, 1})
                .expect("DISCONNECT 81", "closed");
    }

    @Test
    void anOldProtocolIsRefused() throws Exception {
        byte[] v4 = {0x10, 0x0d, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, 1, 'a'};
        client(PKI.node("cam-7")).sendBytes(v4).expect("CONNACK 01", "closed");
    }

    @Test
    void aNodeThatFloodsIsCutOff() throws Exception {
        Raw node = node("a");
        for (int i = 0; i < 5; i++) {
            node.publish(HB, 0, "x".repeat(2000));
        }
        node.expect("DISCONNECT 96", "closed");
    }

    @Test
    void aPortInUseIsToldWithWhatToDo() throws Exception {
        BrokerComponent second = broker(port);
        IOException e = assertThrows(IOException.class, () -> second.begin(new byte[0]));
        assertTrue(e.getMessage().contains("MQTT port " + port + " on 127.0.0.1 cannot be opened") && e.getMessage().contains("--mqtt-listen-port"),
                e.getMessage());
        second.end();
    }

    // ---- the swap

    @Test
    void aNewVersionGoesOnWithTheSessions() throws Exception {
        Raw server = server().subscribe(1, ROOT + "n/+/#").expect("SUBACK [1]");
        MqttProperties p = Raw.properties(MqttProperties.PUBLICATION_EXPIRY_INTERVAL, 600);
        p.add(new MqttProperties.UserProperty("k", "v"));
        Raw node = client(PKI.node("cam-7")).connectWithWill("a", false, 60, 0, DEATH, "dead", 1, false, 0).expect("CONNACK 00")
                .publish(ROOT + "n/cam-7/birth", 1, true, "born", p).expect("PUBACK 00").subscribe(1, CMD).expect("SUBACK [1]");
        server.take();
        byte[] state = broker.end();
        node.expect("DISCONNECT 8b", "closed");
        server.expect("DISCONNECT 8b", "closed");
        broker = broker(port);
        broker.begin(state);
        assertEquals(port, broker.port());
        Raw again = client(PKI.server()).connect("server", false, 3600).expect("CONNACK 00 present");
        again.expectNothing(); // nobody's Will fired
        again.publish(CMD, 1, "for later").expect("PUBLISH " + CMD + " q1 for later", "PUBACK 00");
        client(PKI.node("cam-7")).connectWithWill("a", false, 60, 3600, DEATH, "dead", 1, false, 0)
                .expect("CONNACK 00 present", "PUBLISH " + CMD + " q1 for later").publish(HB, 0, "x").disconnect(0).expect("closed");
        again.expect("PUBLISH " + HB + " q0 x").expectNothing();
        again.subscribe(0, ROOT + "n/+/birth").expect("SUBACK [0]").expect("PUBLISH " + ROOT + "n/cam-7/birth q0 retain 2=600 38=k:v born");
    }

    @Test
    void aPendingWillIsHandedOver() throws Exception {
        Raw server = server().subscribe(1, ROOT + "n/+/death").expect("SUBACK [1]");
        client(PKI.node("cam-7")).connectWithWill("a", false, 60, 3600, DEATH, "dead", 1, false, 1).expect("CONNACK 00").cut();
        server.expectNothing();
        byte[] state = broker.end();
        broker = broker(port);
        broker.begin(state);
        client(PKI.server()).connect("server", false, 3600).expect("CONNACK 00 present", "PUBLISH " + DEATH + " q1 dead");
    }

    @Test
    void anUnknownStateIsIgnored() throws Exception {
        broker.end();
        broker = broker(port);
        broker.begin(new byte[] {0, 0, 0, 99, 1, 2, 3});
        server();
        broker.end();
        broker = broker(port);
        broker.begin(new byte[] {0, 0, 0, 1, 0, 0, 0, 1});
        server();
    }
}

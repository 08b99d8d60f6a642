package io.manul.broker;

import io.manul.api.pki.Pki.Identity;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.PreferHeapByteBufAllocator;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listening socket with its one event loop; TLS 1.2 or 1.3, client certificates required. */
final class Endpoint {

    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);
    private static final long STOP_MILLIS = 2_000;
    private static final long TELL_EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** A handshake's signatures, not on the loop. */
    private static final Executor OFF_LOOP = task -> Thread.ofVirtual().name("broker-handshake").start(task);

    private final Broker broker;
    private final Counts counts;
    private final Supplier<Identity> identity;
    private final X509Certificate clientCa;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, this::thread, NioIoHandler.newFactory());
    final EventLoop loop = group.next();
    // the loop's thread only
    private final Set<Channel> connections = new HashSet<>();
    private List<X509Certificate> chain = List.of();
    private SslContext tls;
    private long toldAt = System.nanoTime() - TELL_EVERY_NANOS;
    private Channel listening;

    /** @param broker made with this endpoint's loop */
    Endpoint(java.util.function.Function<EventLoop, Broker> broker, Counts counts, Supplier<Identity> identity, X509Certificate clientCa) {
        this.broker = broker.apply(loop);
        this.counts = counts;
        this.identity = identity;
        this.clientCa = clientCa;
    }

    Broker broker() {
        return broker;
    }

    private Thread thread(Runnable task) {
        Thread t = new io.netty.util.concurrent.FastThreadLocalThread(null, task, "manul-broker");
        t.setDaemon(true);
        t.setContextClassLoader(null);
        threads.add(t);
        return t;
    }

    /** @return the bound port */
    int open(String host, int port) throws IOException, InterruptedException {
        try {
            onLoop(this::context); // a bad certificate is told now, not at the first client
        } catch (IOException e) {
            throw new IOException("the MQTT endpoint's TLS could not be set up: " + e.getMessage(), e);
        }
        ByteBufAllocator allocator = new PreferHeapByteBufAllocator(new UnpooledByteBufAllocator(false, true));
        var bound = new ServerBootstrap().group(group).channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 256).option(ChannelOption.ALLOCATOR, allocator).childOption(ChannelOption.ALLOCATOR, allocator)
                .childOption(ChannelOption.TCP_NODELAY, true).childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) throws SSLException {
                        connect(channel);
                    }
                }).bind(new InetSocketAddress(host, port)).await();
        if (!bound.isSuccess()) {
            throw new IOException("MQTT port " + port + " on " + host + " cannot be opened: " + bound.cause().getMessage()
                    + ". Stop what uses it (ss -ltnp 'sport = :" + port + "'), choose another port with --mqtt-listen-port,"
                    + " or name a broker of your own with --mqtt-endpoint");
        }
        listening = bound.channel();
        return ((InetSocketAddress) listening.localAddress()).getPort();
    }

    /** Runs on the loop, waits for it. */
    <T> T onLoop(Callable<T> task) throws IOException, InterruptedException {
        try {
            return loop.submit(task).get(STOP_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("the event loop did not answer within " + STOP_MILLIS + " ms", e);
        }
    }

    /** The TLS context of the identity as it is now: a renewed certificate serves the next connection. */
    private SslContext context() throws SSLException {
        Identity now = identity.get();
        if (!now.chain().equals(chain)) {
            tls = SslContextBuilder.forServer(now.key(), now.chain()).sslProvider(SslProvider.JDK).protocols("TLSv1.3", "TLSv1.2")
                    .clientAuth(ClientAuth.REQUIRE).trustManager(clientCa).sessionCacheSize(256)
                    .sessionTimeout(Duration.ofHours(1).toSeconds()).build();
            chain = now.chain();
        }
        return tls;
    }

    private void connect(Channel channel) throws SSLException {
        if (connections.size() >= broker.limits.connections()) {
            tell("Too many connections, a new one is closed", channel, "limit " + broker.limits.connections());
            channel.close();
            return;
        }
        connections.add(channel);
        channel.closeFuture().addListener(f -> connections.remove(channel));
        SslHandler handler = context().newHandler(channel.alloc(), OFF_LOOP);
        handler.setHandshakeTimeout(Limits.CONNECT_SECONDS, TimeUnit.SECONDS);
        channel.pipeline().addLast(handler, new Handshake(), MqttEncoder.INSTANCE, new MqttDecoder(Limits.PACKET, Limits.CLIENT_ID),
                new Connection(broker, counts, () -> peer(handler)));
    }

    private Optional<Access> peer(SslHandler handler) {
        try {
            return Access.of((X509Certificate) handler.engine().getSession().getPeerCertificates()[0], broker.cluster);
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    /** Tells (seldom) who could not come in, and why. */
    private final class Handshake extends ChannelInboundHandlerAdapter {
        private boolean done;

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent e) {
                done = true;
                if (!e.isSuccess()) {
                    tell("A client's TLS handshake failed; further ones are told once a minute", ctx.channel(), e.cause().getMessage());
                }
            } else {
                ctx.fireUserEventTriggered(event);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (done && ctx.channel().isActive() && !(cause instanceof io.netty.handler.codec.DecoderException)) {
                ctx.fireExceptionCaught(cause);
            } else {
                LOG.debug("A connection failed address={} error={}", ctx.channel().remoteAddress(), cause.toString());
                ctx.close();
            }
        }
    }

    private void tell(String what, Channel channel, String why) {
        long now = System.nanoTime();
        if (now - toldAt >= TELL_EVERY_NANOS) {
            toldAt = now;
            LOG.warn("{} address={} why={}", what, channel.remoteAddress(), why);
        }
    }

    /** Tells the clients, closes everything, joins the loop's thread. @return the state for the next version */
    byte[] close() throws IOException, InterruptedException {
        try {
            if (listening != null) {
                listening.close().await(STOP_MILLIS);
            }
            return onLoop(() -> {
                broker.close();
                byte[] state = Handover.write(broker);
                List.copyOf(connections).forEach(c -> loop.schedule(() -> c.close(), Limits.LAST_WORDS_MILLIS, TimeUnit.MILLISECONDS));
                return state;
            });
        } finally {
            stop();
        }
    }

    private void stop() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MILLIS);
        while (!onLoop(connections::isEmpty) && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        group.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS);
        for (Thread t : threads) {
            if (!t.join(Duration.ofMillis(STOP_MILLIS))) {
                throw new IOException("the broker's event loop did not end within " + STOP_MILLIS + " ms");
            }
        }
    }
}

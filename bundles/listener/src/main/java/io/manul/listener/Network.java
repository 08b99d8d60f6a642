package io.manul.listener;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.PreferHeapByteBufAllocator;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketOption;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Event loops, listening sockets and accepted connections. */
final class Network {

    /** User event: the server stops, end what you can. */
    static final Object STOPPING = new Object();

    private static final Logger LOG = LoggerFactory.getLogger(Network.class);
    /** A peer that has vanished is noticed within a minute (tcp(7)), so that its watches do not stay. */
    private static final Map<String, Integer> KEEP_ALIVE =
            Map.of("TCP_KEEPIDLE", 30, "TCP_KEEPINTERVAL", 10, "TCP_KEEPCOUNT", 3);

    private final EventLoopGroup boss = new MultiThreadIoEventLoopGroup(1, threads("manul-accept"), NioIoHandler.newFactory());
    private final EventLoopGroup work = new MultiThreadIoEventLoopGroup(2, threads("manul-net"), NioIoHandler.newFactory());
    /** On the heap, unpooled: no arena stays allocated for a node that mostly idles (TECH.md section 6). */
    private final ByteBufAllocator allocator =
            new PreferHeapByteBufAllocator(new UnpooledByteBufAllocator(false, true));
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    private final AtomicInteger counted = new AtomicInteger();
    private final List<Channel> listening = new ArrayList<>();
    private final int maxConnections;

    Network(int maxConnections) {
        this.maxConnections = maxConnections;
    }

    private static DefaultThreadFactory threads(String name) {
        return new DefaultThreadFactory(name, true);
    }

    /** @param flag the setting that chooses the port, for the message. @return the port that was bound */
    int tcp(String host, int port, String flag, ChannelHandler pipeline) throws IOException {
        ServerBootstrap server = bootstrap(pipeline, true).channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1024).childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true);
        keepAlive(server);
        ChannelFuture bound = server.bind(new InetSocketAddress(host, port)).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("port " + port + " on " + host + " cannot be opened: " + bound.cause().getMessage()
                    + PortOwner.of(port).map(o -> "; " + o + " listens there").orElse("")
                    + ". Stop what uses it, or choose another port with --" + flag);
        }
        listening.add(bound.channel());
        return ((InetSocketAddress) bound.channel().localAddress()).getPort();
    }

    void unix(UnixDomainSocketAddress address, ChannelHandler pipeline) throws IOException {
        ChannelFuture bound = bootstrap(pipeline, false).channel(NioServerDomainSocketChannel.class).bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException("socket " + address.getPath() + " cannot be opened: " + bound.cause().getMessage());
        }
        listening.add(bound.channel());
    }

    private ServerBootstrap bootstrap(ChannelHandler pipeline, boolean limited) {
        return new ServerBootstrap().group(boss, work).option(ChannelOption.ALLOCATOR, allocator)
                .childOption(ChannelOption.ALLOCATOR, allocator).childHandler(new Admission(pipeline, limited));
    }

    private static void keepAlive(ServerBootstrap server) throws IOException {
        try (SocketChannel probe = SocketChannel.open()) {
            for (SocketOption<?> option : probe.supportedOptions()) {
                Integer value = KEEP_ALIVE.get(option.name());
                if (value != null && option.type() == Integer.class) {
                    @SuppressWarnings("unchecked")
                    SocketOption<Integer> known = (SocketOption<Integer>) option;
                    server.childOption(NioChannelOption.of(known), value);
                }
            }
        }
    }

    /** Counts connections in and out; too many are closed at once. */
    @ChannelHandler.Sharable
    private final class Admission extends ChannelInboundHandlerAdapter {
        private final ChannelHandler pipeline;
        private final boolean limited;

        Admission(ChannelHandler pipeline, boolean limited) {
            this.pipeline = pipeline;
            this.limited = limited;
        }

        @Override
        public void channelRegistered(ChannelHandlerContext ctx) {
            if (limited) {
                ctx.channel().closeFuture().addListener(f -> counted.decrementAndGet());
                int now = counted.incrementAndGet();
                if (now > maxConnections) {
                    if (now == maxConnections + 1) {
                        LOG.warn("Too many connections, new ones are closed limit={}", maxConnections);
                    }
                    ctx.close();
                    return;
                }
            }
            connections.add(ctx.channel());
            ctx.pipeline().addLast(pipeline).remove(this);
        }
    }

    /** No new connection comes in; those that are there are told, and end their exchanges. */
    void stopAccepting() {
        listening.forEach(channel -> channel.close().awaitUninterruptibly());
        listening.clear();
        connections.forEach(channel -> channel.pipeline().fireUserEventTriggered(STOPPING));
    }

    void stop() {
        connections.close().awaitUninterruptibly(500, TimeUnit.MILLISECONDS);
        boss.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS);
        work.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS);
        boss.terminationFuture().awaitUninterruptibly(1, TimeUnit.SECONDS);
        work.terminationFuture().awaitUninterruptibly(1, TimeUnit.SECONDS);
    }
}

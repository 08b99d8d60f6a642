package io.manul.listener;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Joins a client's HTTP/1.1 connection with a second one: sends the request there, and once the other side has switched
 * protocols (101) passes bytes both ways. Lives on the client connection's event loop, and the second one's is the same.
 *
 * <p>Until the 101 nothing of the client's goes through, and when another status comes nothing ever does: the answer is
 * passed on and the connection closed. Else a client could speak past authorization on a connection that was never
 * upgraded (the flaw of CVE-2018-1002105).
 */
final class Splice extends ChannelInboundHandlerAdapter {

    private static final int CONNECT_MILLIS = 5000;
    private static final long ANSWER_SECONDS = 60;
    private static final String SWITCHED = "HTTP/1.1 101";

    /** Written anew, or the client's credentials. */
    private static final Set<String> KEPT_BACK =
            Set.of("host", "authorization", "content-length", "transfer-encoding", "expect");

    private final ChannelHandlerContext client;
    private final Http1Decoder decoder;
    private final Http1Front front;
    private final ByteBuf begin = Unpooled.buffer(SWITCHED.length() * 4);
    private ChannelHandlerContext back;
    private boolean decided;

    private Splice(ChannelHandlerContext client, Http1Decoder decoder, Http1Front front) {
        this.client = client;
        this.decoder = decoder;
        this.front = front;
    }

    /** Resolves a name on the calling (virtual) thread, never on an event loop. */
    static SocketAddress resolved(SocketAddress address) {
        return switch (address) {
            case InetSocketAddress inet when inet.isUnresolved() -> {
                InetSocketAddress again = new InetSocketAddress(inet.getHostString(), inet.getPort());
                if (again.isUnresolved()) {
                    throw new IllegalArgumentException("host " + inet.getHostString() + " is not known");
                }
                yield again;
            }
            case InetSocketAddress inet -> inet;
            case UnixDomainSocketAddress unix -> unix;
            default -> throw new IllegalArgumentException("neither a TCP nor a Unix address: " + address);
        };
    }

    static void join(ChannelHandlerContext client, Http1Decoder decoder, Http1Front front, Request request,
            SocketAddress to) {
        if (!client.channel().isActive()) {
            return;
        }
        client.channel().config().setAutoRead(false);
        Splice splice = new Splice(client, decoder, front);
        Bootstrap second = new Bootstrap().group(client.channel().eventLoop())
                .option(ChannelOption.ALLOCATOR, client.alloc())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS).handler(splice);
        if (to instanceof InetSocketAddress) {
            second.channel(NioSocketChannel.class).option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                    .option(ChannelOption.TCP_NODELAY, true);
        } else {
            second.channel(NioDomainSocketChannel.class);
        }
        second.connect(to).addListener(f -> splice.connected((ChannelFuture) f, request, to));
    }

    private void connected(ChannelFuture connected, Request request, SocketAddress to) {
        if (!connected.isSuccess()) {
            front.refuse(Status.of(502, "error dialing backend " + named(to) + ": " + connected.cause().getMessage()));
            return;
        }
        Channel channel = connected.channel();
        if (!client.channel().isActive()) {
            channel.close();
            return;
        }
        client.channel().closeFuture().addListener(f -> {
            if (!decided) {
                channel.close();
            }
        });
        channel.eventLoop().schedule(() -> {
            if (!decided) {
                channel.close();
            }
        }, ANSWER_SECONDS, TimeUnit.SECONDS);
        channel.writeAndFlush(Unpooled.wrappedBuffer(head(request, to), request.body()));
    }

    private static String named(SocketAddress to) {
        return to instanceof InetSocketAddress inet ? inet.getHostString() + ":" + inet.getPort() : to.toString();
    }

    /** The request line with the new target, and the client's headers with another Host and without its credentials. */
    private static byte[] head(Request request, SocketAddress to) {
        StringBuilder out = new StringBuilder(512).append(request.method()).append(' ').append(request.target())
                .append(" HTTP/1.1\r\nhost: ").append(to instanceof InetSocketAddress ? named(to) : "localhost").append("\r\n");
        request.headers().forEach((name, values) -> {
            if (!KEPT_BACK.contains(name)) {
                values.forEach(value -> out.append(name).append(": ")
                        .append(name.equals("sec-websocket-protocol") ? withoutToken(value) : value).append("\r\n"));
            }
        });
        if (request.body().length > 0 || !request.method().equals("GET")) {
            out.append("content-length: ").append(request.body().length).append("\r\n");
        }
        return out.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** {@link TokenProtocol} has left a token where the client asks for another upgrade than a WebSocket. */
    private static String withoutToken(String protocols) {
        return Stream.of(protocols.split(",")).map(String::strip).filter(p -> !p.startsWith(TokenProtocol.PREFIX))
                .collect(Collectors.joining(", "));
    }

    // ---- the second connection, until its first line has come

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        back = context;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object msg) {
        ByteBuf bytes = (ByteBuf) msg;
        begin.writeBytes(bytes);
        bytes.release();
        if (begin.readableBytes() >= SWITCHED.length()) {
            decide(begin.toString(0, SWITCHED.length(), StandardCharsets.ISO_8859_1).equals(SWITCHED));
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof io.netty.channel.socket.ChannelInputShutdownEvent) {
            context.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!decided) {
            decided = true;
            front.refuse(Status.of(502, "the backend closed the connection without an answer"));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }

    private void decide(boolean switched) {
        decided = true;
        Channel second = back.channel();
        Channel first = client.channel();
        client.pipeline().remove(Pipelines.ENCODER);
        client.pipeline().addLast(new Relay(second, switched));
        back.pipeline().addLast(new Relay(first, true));
        first.write(begin);
        back.pipeline().remove(this);
        client.pipeline().remove(front);
        client.pipeline().remove(decoder);
        first.flush();
        if (!switched) {
            Relay.shutOutput(second);
        }
        first.config().setAutoRead(true);
    }
}

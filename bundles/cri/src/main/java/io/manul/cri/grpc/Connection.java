package io.manul.cri.grpc;

import io.manul.cri.CriException;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;

/** One HTTP/2 connection (prior knowledge, no TLS) over a Unix socket. Safe from any thread. */
final class Connection {

    private static final int STREAM_WINDOW = 1 << 20;
    private static final int HEADERS_LIMIT = 64 << 10;

    private final Channel channel;
    private volatile boolean goingAway;

    private Connection(Channel channel) {
        this.channel = channel;
    }

    static Connection open(Path socket, EventLoopGroup loop) throws IOException, InterruptedException {
        Connection[] opened = new Connection[1];
        var connecting = new Bootstrap().group(loop).channelFactory(NioDomainSocketChannel::new)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel fresh) {
                        opened[0] = new Connection(fresh);
                        opened[0].handlers();
                    }
                }).connect(UnixDomainSocketAddress.of(socket));
        try {
            connecting.await();
        } catch (InterruptedException e) {
            connecting.channel().close();
            throw e;
        }
        if (!connecting.isSuccess()) {
            throw new IOException(socket + ": " + connecting.cause().getMessage());
        }
        return opened[0];
    }

    private void handlers() {
        Http2Settings settings = Http2Settings.defaultSettings().pushEnabled(false).initialWindowSize(STREAM_WINDOW)
                .maxHeaderListSize(HEADERS_LIMIT);
        channel.pipeline().addLast(Http2FrameCodecBuilder.forClient().initialSettings(settings).build(),
                new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()), new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelRead(ChannelHandlerContext context, Object frame) {
                        if (frame instanceof Http2GoAwayFrame) {
                            goingAway = true;
                        }
                        ReferenceCountUtil.release(frame);
                    }

                    @Override
                    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                        context.close(); // each call on it ends with UNAVAILABLE
                    }
                });
    }

    boolean usable() {
        return channel.isActive() && !goingAway;
    }

    /** Opens a stream and sends the request. @throws CriException UNAVAILABLE: nothing was sent */
    void begin(Call call, String method, byte[] request, long deadlineMillis) throws CriException, InterruptedException {
        Future<Http2StreamChannel> opening = new Http2StreamChannelBootstrap(channel).handler(call).open();
        try {
            opening.await();
        } catch (InterruptedException e) {
            opening.addListener(late -> {
                if (late.isSuccess()) {
                    opening.getNow().close();
                }
            });
            throw e;
        }
        if (!opening.isSuccess()) {
            goingAway = true;
            throw Call.refused(opening.cause()).exception(method);
        }
        call.send(opening.getNow(), method, request, deadlineMillis);
    }

    /** Blocks until the connection is gone. */
    void awaitLoss() throws InterruptedException {
        channel.closeFuture().await();
    }

    void close() {
        channel.close().awaitUninterruptibly();
    }
}

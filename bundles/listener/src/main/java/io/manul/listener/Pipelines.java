package io.manul.listener;

import io.manul.api.http.Peer;
import io.manul.api.pki.Pki.Identity;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a new connection passes through. */
final class Pipelines {

    static final String ENCODER = "encoder";

    private static final Logger LOG = LoggerFactory.getLogger(Pipelines.class);

    /** Handshakes sign, and ask the Pki, which may renew: not on an event loop that others wait for. */
    private static final Executor OFF_LOOP = task -> Thread.ofVirtual().name("handshake").start(task);
    private static final byte[] NOT_TLS = ("HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n"
            + "Client sent an HTTP request to an HTTPS server.\n").getBytes(StandardCharsets.US_ASCII);

    private final Dispatcher dispatcher;
    private final Budget bodies;
    private final Limits limits;

    Pipelines(Dispatcher dispatcher, Budget bodies, Limits limits) {
        this.dispatcher = dispatcher;
        this.bodies = bodies;
        this.limits = limits;
    }

    /** HTTP/1.1 without TLS, for the root-only socket. */
    ChannelHandler console(String room) {
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                http1(channel.pipeline(), connection(channel, room, new Peer.Console()));
            }
        };
    }

    /** TLS, then what ALPN agrees on. */
    ChannelHandler tls(String room, Supplier<Identity> identity) throws SSLException {
        SslContext context = context(identity);
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                channel.pipeline().addLast(context.newHandler(channel.alloc(), OFF_LOOP), new Negotiated(room));
            }
        };
    }

    private static SslContext context(Supplier<Identity> identity) throws SSLException {
        return SslContextBuilder.forServer(new LiveIdentity(identity)).sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2").ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                .clientAuth(ClientAuth.OPTIONAL).trustManager(new AnyClient())
                .sessionCacheSize(256).sessionTimeout(Duration.ofHours(1).toSeconds())
                .applicationProtocolConfig(new ApplicationProtocolConfig(ApplicationProtocolConfig.Protocol.ALPN,
                        ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                        ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                        ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1))
                .build();
    }

    private Connection connection(Channel channel, String room, Peer peer) {
        return new Connection(channel, dispatcher, bodies, room, peer, limits);
    }

    private static void http1(ChannelPipeline pipeline, Connection connection) {
        Http1Decoder decoder = new Http1Decoder();
        pipeline.addLast(ENCODER, new HttpResponseEncoder()).addLast(decoder, new Http1Front(connection, decoder));
    }

    private void http2(ChannelPipeline pipeline, Connection connection) {
        pipeline.addLast(Http2FrameCodecBuilder.forServer()
                .initialSettings(Http2Settings.defaultSettings().maxConcurrentStreams(Limits.STREAMS)
                        .maxHeaderListSize(Limits.HEAD))
                .gracefulShutdownTimeoutMillis(limits.stop().toMillis())
                .decoderEnforceMaxRstFramesPerWindow(Limits.RESETS, Limits.RESETS_SECONDS)
                .encoderEnforceMaxRstFramesPerWindow(Limits.RESETS, Limits.RESETS_SECONDS).build());
        pipeline.addLast(new Http2MultiplexHandler(new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel stream) {
                stream.pipeline().addLast(new Http2Front(connection));
            }
        }), new Http2Stop());
    }

    private final class Negotiated extends ApplicationProtocolNegotiationHandler {
        private final String room;

        Negotiated(String room) {
            super(ApplicationProtocolNames.HTTP_1_1);
            this.room = room;
        }

        @Override
        protected void configurePipeline(ChannelHandlerContext ctx, String protocol) {
            Connection connection = connection(ctx.channel(), room, remote(ctx));
            if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
                http2(ctx.pipeline(), connection);
            } else {
                http1(ctx.pipeline(), connection);
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
            ChannelHandlerContext tls = ctx.pipeline().context(SslHandler.class);
            if (event instanceof SslHandshakeCompletionEvent done && done.cause() instanceof NotSslRecordException
                    && tls != null) {
                // past the TLS handler, as it is; the TLS handler closes the connection after this event
                tls.writeAndFlush(Unpooled.wrappedBuffer(NOT_TLS));
            }
            super.userEventTriggered(ctx, event);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            LOG.debug("A connection failed address={} error={}", ctx.channel().remoteAddress(), cause.toString());
            ctx.close();
        }
    }

    private static Peer remote(ChannelHandlerContext ctx) {
        InetSocketAddress address = (InetSocketAddress) ctx.channel().remoteAddress();
        String host = address.getAddress().getHostAddress();
        String shown = (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
        return new Peer.Remote(shown, chain(ctx.pipeline().get(SslHandler.class)));
    }

    private static List<X509Certificate> chain(SslHandler tls) {
        try {
            Certificate[] chain = tls.engine().getSession().getPeerCertificates();
            return Stream.of(chain).map(X509Certificate.class::cast).toList();
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }
}

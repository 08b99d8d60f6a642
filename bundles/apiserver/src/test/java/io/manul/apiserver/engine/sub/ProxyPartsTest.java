package io.manul.apiserver.engine.sub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class ProxyPartsTest {

    @ParameterizedTest
    @CsvSource({"web,false,web,''", "web:80,false,web,80", "https:web:443,true,web,443", "http:web:name,false,web,name", "https:web:,true,web,''"})
    void names(String id, boolean tls, String name, String port) {
        assertEquals(new Named(tls, name, port), Named.of(id).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":80", "ftp:web:21", "a:b:c:d"})
    void noNames(String id) {
        assertTrue(Named.of(id).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"/api/v1/nodes/n/proxy/stats/summary?x=1,true,/stats/summary?x=1", "/api/v1/nodes/n/proxy,true,''",
        "/api/v1/namespaces/d/pods/p/proxy/a%2Fb/,false,/a%2Fb/", "/api/v1/namespaces/d/services/s:80/proxy?q,false,?q",
        "/api/v1//namespaces/d/pods/p/proxy/x,false,/x"})
    void rests(String target, boolean cluster, String rest) {
        assertEquals(rest, Rest.of(target, cluster));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {"<a href=\"/x\">,<a href=\"/p/x\">", "<a href='x/y'>,<a href=\"x/y\">",
        "<img class=a src=/i.png>,<img class=a src=\"/p/i.png\">", "<a href=\"http://10.0.0.1:80/z\">,<a href=\"/p/z\">",
        "<a href=\"http://other/z\">,<a href=\"http://other/z\">", "<a href=\"//cdn/z\">,<a href=\"//cdn/z\">", "<p title=\"/x\">,<p title=\"/x\">",
        "<a href=\"/p/x\">,<a href=\"/p/x\">"})
    void links(String before, String after) {
        assertEquals(after, new Links("10.0.0.1:80", "/p").page(before));
    }

    /** A back-end that says one thing and closes. */
    private static HttpRequest1 answer(String text) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket s = server.accept()) {
                    s.getInputStream().read(new byte[4096]);
                    s.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            return HttpRequest1.send(new Proxy.Target(false, new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort())), "GET", "/",
                    Map.of("x-a", List.of("1", "2")), new byte[0]);
        }
    }

    private static String body(HttpRequest1 r) throws IOException {
        return new String(r.body().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void bodies() throws Exception {
        assertEquals("hello", body(answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello and more")));
        assertEquals("hello world", body(answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6;x=y\r\nhello \r\n5\r\nworld\r\n0\r\nT: 1\r\n\r\n")));
        assertEquals("to the end", body(answer("HTTP/1.0 200 OK\r\n\r\nto the end")));
        assertEquals("", body(answer("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n")));
        HttpRequest1 late = answer("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nSet-Cookie: a\r\nset-cookie: b\r\nContent-Length: 0\r\n\r\n");
        assertEquals(201, late.status());
        assertEquals(List.of("a", "b"), late.headers().get("set-cookie"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SSH-2.0-x\r\n\r\n", "HTTP/1.1 99999 no\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", "HTTP/1.1 200 OK\r\nnocolon\r\n\r\n"})
    void nonsense(String text) {
        assertThrows(HttpRequest1.Unreachable.class, () -> answer(text));
    }

    @Test
    void whatEndsEarlyIsAnError() throws Exception {
        HttpRequest1 half = answer("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello");
        assertThrows(IOException.class, () -> body(half));
        HttpRequest1 chunk = answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhe");
        assertThrows(IOException.class, () -> body(chunk));
    }

    @Test
    void aHeadWithoutEndIsCutOff() {
        assertThrows(HttpRequest1.Unreachable.class, () -> answer("HTTP/1.1 200 OK\r\n" + "a: b\r\n".repeat(20_000)));
    }
}

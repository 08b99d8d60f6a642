package io.manul.network.services;

import io.manul.client.Key;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers any HTTP/1 request on a health-check port as kube-proxy does: 200 with the number of endpoints here, 503 without
 * any (KEP-1860 and pkg/proxy/healthcheck of Kubernetes 1.36). One request a connection, at most 2 s, 32 at a time.
 */
final class HealthServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HealthServer.class);
    private static final int MILLIS = 2000;
    private static final int MOST_BYTES = 8192;

    private final Key service;
    private final ServerSocket socket = new ServerSocket();
    private final Semaphore room = new Semaphore(32);
    private final Thread thread;
    private volatile int endpoints;

    HealthServer(Key service, int port) throws IOException {
        this.service = service;
        socket.setReuseAddress(true);
        try {
            socket.bind(new InetSocketAddress(port));
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        thread = Thread.ofVirtual().name("network-services-health-" + port).start(this::accept);
    }

    int port() {
        return socket.getLocalPort();
    }

    void endpoints(int count) {
        endpoints = count;
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket s = socket.accept();
                if (room.tryAcquire()) {
                    Thread.ofVirtual().name("network-services-health-answer").start(() -> answer(s));
                } else {
                    s.close();
                }
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    LOG.debug("A health check was not accepted port={} why={}", port(), e.getMessage());
                }
            }
        }
    }

    private void answer(Socket socket) {
        try (socket) {
            socket.setSoTimeout(MILLIS);
            readHead(socket.getInputStream());
            socket.getOutputStream().write(response());
        } catch (IOException e) {
            LOG.debug("A health check ended early service={} why={}", service, e.getMessage());
        } finally {
            room.release();
        }
    }

    private static void readHead(InputStream in) throws IOException {
        int end = 0;
        for (int read = 0; end < 2; read++) {
            int b = in.read();
            if (b < 0 || read > MOST_BYTES) {
                throw new IOException("no whole request");
            }
            end = b == '\n' ? end + 1 : b == '\r' ? end : 0;
        }
    }

    private byte[] response() {
        int count = endpoints;
        String body = """
                {
                \t"service": {
                \t\t"namespace": "%s",
                \t\t"name": "%s"
                \t},
                \t"localEndpoints": %d,
                \t"serviceProxyHealthy": true
                }""".formatted(service.namespace(), service.name(), count);
        return ("HTTP/1.1 " + (count > 0 ? "200 OK" : "503 Service Unavailable") + "\r\nContent-Type: application/json\r\n"
                + "X-Content-Type-Options: nosniff\r\nX-Load-Balancing-Endpoint-Weight: " + count + "\r\nContent-Length: " + body.length()
                + "\r\nConnection: close\r\n\r\n" + body).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void close() {
        try {
            socket.close();
            thread.join(MILLIS);
        } catch (IOException e) {
            LOG.debug("A health check port did not close port={} why={}", port(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.manul.heartbeat;

import io.manul.api.testing.TestPki;
import io.manul.api.testing.TestSettings;
import io.manul.broker.BrokerComponent;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A broker on a loopback port: ours, or Debian's mosquitto as a process of its own. */
sealed interface Brokers extends AutoCloseable {

    int port();

    void start() throws Exception;

    /** Ends and begins again, at the same port. */
    void restart() throws Exception;

    @Override
    void close() throws Exception;

    static int freePort() throws IOException {
        try (ServerSocket s = new ServerSocket(0)) {
            return s.getLocalPort();
        }
    }

    static Brokers of(String kind, TestPki pki, Path folder) throws IOException {
        int port = freePort();
        return kind.equals("ours") ? new Ours(pki, port) : new Mosquitto(pki, port, folder);
    }

    final class Ours implements Brokers {
        private final TestPki pki;
        private final int port;
        private BrokerComponent broker;

        Ours(TestPki pki, int port) {
            this.pki = pki;
            this.port = port;
        }

        @Override
        public int port() {
            return port;
        }

        private BrokerComponent make() {
            return new BrokerComponent(TestSettings.of("cam-7", Map.of("mqtt-listen-port", String.valueOf(port))), pki);
        }

        @Override
        public void start() throws Exception {
            broker = make();
            broker.begin(new byte[0]);
        }

        @Override
        public void restart() throws Exception {
            byte[] state = broker.end();
            broker = make();
            broker.begin(state);
        }

        @Override
        public void close() throws Exception {
            if (broker != null) {
                broker.end();
            }
        }
    }

    final class Mosquitto implements Brokers {
        static final Path BINARY = Path.of("/usr/sbin/mosquitto");
        private final TestPki pki;
        private final int port;
        private final Path folder;
        private Process process;

        Mosquitto(TestPki pki, int port, Path folder) {
            this.pki = pki;
            this.port = port;
            this.folder = folder;
        }

        @Override
        public int port() {
            return port;
        }

        @Override
        public void start() throws Exception {
            String root = "kn/v1/" + Names.of(pki.serverCa()).cluster();
            TestPki.write(folder, "mqtt", pki.serving("mqtt", "mqtt", java.util.List.of("localhost"),
                    java.util.List.of(java.net.InetAddress.ofLiteral("127.0.0.1"))));
            Files.writeString(folder.resolve("client-ca.crt"), TestPki.pem("CERTIFICATE", pki.clientCa().getEncoded()));
            Files.writeString(folder.resolve("acl"), "user system:manul:heartbeat\ntopic readwrite kn/v1/#\n"
                    + "user system:node:cam-7\ntopic write " + root + "/n/cam-7/#\ntopic read " + root + "/n/cam-7/cmd\ntopic read " + root + "/state/#\n");
            Files.writeString(folder.resolve("mosquitto.conf"), "listener " + port + " 127.0.0.1\ncafile " + folder.resolve("client-ca.crt")
                    + "\ncertfile " + folder.resolve("mqtt.crt") + "\nkeyfile " + folder.resolve("mqtt.key")
                    + "\nrequire_certificate true\nuse_identity_as_username true\nacl_file " + folder.resolve("acl") + "\npersistence false\nuser root\n");
            process = new ProcessBuilder(BINARY.toString(), "-c", folder.resolve("mosquitto.conf").toString())
                    .redirectErrorStream(true).redirectOutput(folder.resolve("mosquitto.log").toFile()).start();
            for (int i = 0; ; i++) {
                try {
                    new Socket("127.0.0.1", port).close();
                    return;
                } catch (IOException e) {
                    if (i > 500 || !process.isAlive()) {
                        throw new AssertionError("mosquitto did not start: " + Files.readString(folder.resolve("mosquitto.log")), e);
                    }
                    Thread.sleep(10);
                }
            }
        }

        @Override
        public void restart() throws Exception {
            close();
            start();
        }

        @Override
        public void close() throws Exception {
            if (process != null) {
                process.destroy();
                if (!process.waitFor(5, TimeUnit.SECONDS)) {
                    throw new AssertionError("mosquitto does not end");
                }
            }
        }
    }
}

package io.manul.runtime;

import io.manul.agent.Join;
import io.manul.agent.JoinException;
import io.manul.agent.NodeFiles;
import io.manul.agent.Token;
import io.manul.json.Obj;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Joins, before anything else starts: the rooms of a node need the cluster's settings. A node that has joined goes on without its server. */
final class AgentJoin {

    private final ServerSettings settings;

    AgentJoin(ServerSettings settings) {
        this.settings = settings;
    }

    void run() throws UsageException, IOException, InterruptedException {
        URI server = server();
        Optional<Token> token = token();
        NodeFiles files = new NodeFiles(Path.of(settings.get("data-dir")));
        if (settings.get("with-node-id").equals("true")) {
            settings.put("node-name", settings.get("node-name") + "-" + files.nodeId());
        }
        try {
            Obj config = new Join(new Join.Wanted(server, token, settings.get("node-name"), settings.get("node-ip")), files,
                    m -> System.out.println("manul: " + m)).settings();
            settings.cluster(flags(config));
            settings.put("https-listen-port", String.valueOf(server.getPort()));
            settings.put("write-kubeconfig", Path.of(settings.get("data-dir"), "manul.yaml").toString()); // there is none on a node
            settings.put("write-kubeconfig-mode", "600");
            settings.put("server", server.toString());
            if (settings.get("mqtt-endpoint").isEmpty()) { // the server's own broker
                settings.put("mqtt-endpoint", server.getHost() + ":" + config.string("mqtt-listen-port").orElse("8883"));
            }
        } catch (JoinException e) {
            throw new IOException("not joined: " + e.getMessage(), e);
        }
    }

    private URI server() throws UsageException {
        String text = settings.get("server");
        if (text.isEmpty()) {
            throw new UsageException("--server is required: the server to join, for instance https://10.0.0.1:6443 (or MANUL_URL)");
        }
        try {
            URI uri = URI.create(text);
            if ("https".equals(uri.getScheme()) && uri.getHost() != null && (uri.getPath().isEmpty() || uri.getPath().equals("/"))) {
                return URI.create("https://" + uri.getHost() + ":" + (uri.getPort() < 0 ? 443 : uri.getPort()));
            }
        } catch (IllegalArgumentException e) {
            throw new UsageException("--server " + text + ": is no URL; it must be like https://10.0.0.1:6443");
        }
        throw new UsageException("--server " + text + ": must be like https://10.0.0.1:6443");
    }

    private Optional<Token> token() throws UsageException {
        String text = settings.get("token");
        String file = settings.get("token-file");
        try {
            if (text.isEmpty() && !file.isEmpty()) {
                text = Files.readString(Path.of(file)).strip();
                settings.put("token", text);
            }
            return text.isEmpty() ? Optional.empty() : Optional.of(Token.parse(text));
        } catch (IOException e) {
            throw new UsageException("--token-file " + file + " cannot be read: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new UsageException("--token: " + e.getMessage());
        }
    }

    private static Map<String, String> flags(Obj config) {
        Map<String, String> flags = new LinkedHashMap<>();
        config.map().forEach((k, v) -> flags.put(k, v instanceof List<?> l ? String.join("\n", l.stream().map(String::valueOf).toList()) : String.valueOf(v)));
        return flags;
    }
}

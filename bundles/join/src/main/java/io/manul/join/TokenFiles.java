package io.manul.join;

import io.manul.api.pki.Pki;
import io.manul.api.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The tokens of this server under DATA/server, as k3s has them (K3S.md 1.7): {@code token}, with {@code node-token} a link to it, and
 * {@code agent-token}, a link to it as well unless {@code --agent-token} is set. Made once. Safe from any thread.
 */
final class TokenFiles {

    private static final int BYTES = 16;
    private static final int MOST = 4096;

    private final Settings settings;
    private final Pki pki;
    private final SecureRandom random;
    private final Path folder;

    TokenFiles(Settings settings, Pki pki, SecureRandom random) {
        this.settings = settings;
        this.pki = pki;
        this.random = random;
        this.folder = settings.dataDir().resolve("server");
    }

    Path token() {
        return folder.resolve("token");
    }

    private Path agentToken() {
        return folder.resolve("agent-token");
    }

    /** Makes what is missing; a token that lies there stays unless another was given. */
    synchronized void prepare() throws IOException {
        Files.createDirectories(folder);
        Optional<String> given = given("token");
        if (given.isPresent() || !Files.exists(token())) {
            write(token(), "server", given.isPresent() ? given.get() : fresh());
        }
        link(folder.resolve("node-token"));
        Optional<String> agents = given("agent-token");
        if (agents.isPresent()) {
            if (Files.isSymbolicLink(agentToken())) {
                Files.delete(agentToken());
            }
            write(agentToken(), "node", agents.get());
        } else if (!Files.exists(agentToken(), LinkOption.NOFOLLOW_LINKS)) {
            link(agentToken());
        }
    }

    /** The password of what the flag says, in the short or the long form. */
    private Optional<String> given(String flag) throws IOException {
        Optional<String> text = settings.other(flag).map(String::strip).filter(t -> !t.isEmpty());
        Optional<String> file = settings.other(flag + "-file").map(String::strip).filter(t -> !t.isEmpty());
        if (text.isEmpty() && file.isPresent()) {
            text = Optional.of(Files.readString(Path.of(file.get())).strip());
        }
        if (text.isEmpty()) {
            return text;
        }
        String password = password(text.get());
        if (password.isEmpty() || password.length() > MOST || password.contains("\n")) {
            throw new IOException("--" + flag + ": a token is one line of at most " + MOST + " characters");
        }
        return Optional.of(password);
    }

    private static String password(String token) {
        String credentials = token.startsWith("K10") && token.contains("::") ? token.substring(token.indexOf("::") + 2) : token;
        return credentials.startsWith("server:") || credentials.startsWith("node:") ? credentials.substring(credentials.indexOf(':') + 1) : credentials;
    }

    String fresh() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private void write(Path file, String user, String password) throws IOException {
        String text = CaHash.prefix(pki.serverCaPem()) + user + ":" + password + "\n";
        if (Files.exists(file) && Files.readString(file).equals(text)) {
            return;
        }
        Path half = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(half);
        Files.createFile(half, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(half, text);
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void link(Path link) throws IOException {
        if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            Files.createSymbolicLink(link, Path.of("token"));
        }
    }

    String serverPassword() throws IOException {
        return password(Files.readString(token()).strip());
    }

    String agentPassword() throws IOException {
        return password(Files.readString(agentToken()).strip());
    }

    /** {@code manul token rotate}: from now on; nodes that have joined need none. */
    synchronized void rotate(String password) throws IOException {
        write(token(), "server", password);
    }
}

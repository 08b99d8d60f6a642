package io.manul.cri.containerd;

import io.manul.cri.CriException;
import io.manul.cri.ImageArchives;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** {@link ImageArchives} by containerd's own tool {@code ctr}, in the namespace of the CRI. Safe from any thread. */
public final class CtrArchives implements ImageArchives {

    private static final Duration IMPORT_LIMIT = Duration.ofMinutes(30);
    private static final Duration LABEL_LIMIT = Duration.ofSeconds(30);

    private final Path socket;
    private final Machine machine;

    public CtrArchives(Path socket, Machine machine) {
        this.socket = socket;
        this.machine = machine;
    }

    /** Unpacked here and piped, as {@code ctr} takes plain tar only. */
    @Override
    public void importArchive(Path archive) throws CriException, InterruptedException {
        byte[] head = new byte[4];
        try (InputStream in = Files.newInputStream(archive)) {
            in.readNBytes(head, 0, head.length);
        } catch (IOException e) {
            throw new CriException(CriException.Code.NOT_FOUND, archive + " cannot be read: " + e);
        }
        if (head[0] == 0x28 && (head[1] & 0xff) == 0xb5 && head[2] == 0x2f && (head[3] & 0xff) == 0xfd) {
            throw new CriException(CriException.Code.INVALID_ARGUMENT, archive + " is compressed by zstd, which neither Java nor ctr"
                    + " reads. Unpack it (zstd -d) or compress it by gzip");
        }
        boolean gzip = head[0] == 0x1f && (head[1] & 0xff) == 0x8b;
        ctr(IMPORT_LIMIT, gzip ? archive : null, "import", gzip ? "-" : archive.toAbsolutePath().toString());
    }

    /** The kubelet's mark (containerd docs, cri/registry: pinned images) and the one that k3s' tools look for. */
    @Override
    public void pin(String image) throws CriException, InterruptedException {
        ctr(LABEL_LIMIT, null, "label", image, "io.cri-containerd.pinned=pinned", "io.cattle.k3s.pinned=pinned");
    }

    /** @param piped gzip file whose content is the input; null: no input */
    private void ctr(Duration limit, Path piped, String... arguments) throws CriException, InterruptedException {
        List<String> command = new ArrayList<>();
        try {
            command.addAll(List.of(machine.need("ctr", "containerd").toString(), "--address", socket.toString(), "--namespace",
                    "k8s.io", "images"));
            command.addAll(List.of(arguments));
            if (piped == null) {
                Commands.run(limit, command);
                return;
            }
            try (InputStream in = new GZIPInputStream(Files.newInputStream(piped), 1 << 16)) {
                Commands.run(limit, command, in);
            }
        } catch (IOException | IllegalStateException e) {
            throw new CriException(code(String.valueOf(e.getMessage())), e.getMessage());
        }
    }

    private static CriException.Code code(String message) {
        if (message.contains("connection refused") || message.contains("failed to dial") || message.contains("connect: ")) {
            return CriException.Code.UNAVAILABLE;
        }
        return message.contains("unrecognized image format") || message.contains("tar") ? CriException.Code.INVALID_ARGUMENT
                : message.contains("not found") ? CriException.Code.NOT_FOUND : CriException.Code.INTERNAL;
    }
}

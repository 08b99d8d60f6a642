package io.manul.cri.containerd;

import io.manul.cri.CriException;
import io.manul.cri.ImageArchives;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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

    @Override
    public void importArchive(Path archive) throws CriException, InterruptedException {
        if (!Files.isReadable(archive)) {
            throw new CriException(CriException.Code.NOT_FOUND, archive + " is not there or cannot be read");
        }
        ctr(IMPORT_LIMIT, "import", archive.toAbsolutePath().toString());
    }

    /** The kubelet's mark (containerd docs, cri/registry: pinned images) and the one that k3s' tools look for. */
    @Override
    public void pin(String image) throws CriException, InterruptedException {
        ctr(LABEL_LIMIT, "label", image, "io.cri-containerd.pinned=pinned", "io.cattle.k3s.pinned=pinned");
    }

    private void ctr(Duration limit, String... arguments) throws CriException, InterruptedException {
        List<String> command = new ArrayList<>();
        try {
            command.addAll(List.of(machine.need("ctr", "containerd").toString(), "--address", socket.toString(), "--namespace",
                    "k8s.io", "images"));
            command.addAll(List.of(arguments));
            Commands.run(limit, command);
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

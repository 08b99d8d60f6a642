package io.manul.cri;

import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/** What the CRI has no call for: images that come as files. Offered by the room "cri" beside {@link ContainerRuntime}. */
@ProviderType
public interface ImageArchives {

    /**
     * Imports every image of an OCI or docker archive (tar; also compressed by gzip) for this machine's platform.
     * Blocks until it is done, which takes minutes for a large one; interrupt to give up.
     *
     * @throws CriException with the runtime's words: INVALID_ARGUMENT when the file is no such archive, UNAVAILABLE when
     *                      containerd does not answer
     */
    void importArchive(Path archive) throws CriException, InterruptedException;

    /** Marks an image as never to be collected as unused. @param image its full name, {@code docker.io/library/busybox:1} */
    void pin(String image) throws CriException, InterruptedException;
}

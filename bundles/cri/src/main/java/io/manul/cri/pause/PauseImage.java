package io.manul.cri.pause;

import io.manul.cri.ContainerRuntime;
import io.manul.cri.CriException;
import io.manul.cri.ImageArchives;
import io.manul.cri.oci.OciArchive;
import io.manul.cri.v1.ImageSpec;
import io.manul.cri.v1.ImageStatusRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that the image of the sandboxes' own process is in containerd, without a registry. Safe from any thread. */
public final class PauseImage {

    private static final Logger LOG = LoggerFactory.getLogger(PauseImage.class);
    private static final String NAME = ContainerRuntime.PAUSE_IMAGE;

    private final ImageArchives archives;
    private final ContainerRuntime runtime;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean there;

    public PauseImage(ImageArchives archives, ContainerRuntime runtime) {
        this.archives = archives;
        this.runtime = runtime;
    }

    /** What was known about containerd's images holds no more: it may be another one. */
    public void forget() {
        there = false;
    }

    /** Returns when the image is there. */
    public void ensure() throws CriException, InterruptedException, IOException {
        if (there) {
            return;
        }
        lock.lockInterruptibly();
        try {
            if (!there && !present()) {
                put();
            }
            there = true;
        } finally {
            lock.unlock();
        }
    }

    private boolean present() throws CriException, InterruptedException {
        return runtime.imageStatus(ImageStatusRequest.newBuilder().setImage(ImageSpec.newBuilder().setImage(NAME)).build()).hasImage();
    }

    private void put() throws CriException, InterruptedException, IOException {
        Path archive = Files.createTempFile("manul-pause", ".tar");
        try {
            Files.write(archive, image(OciArchive.architecture()));
            archives.importArchive(archive);
            archives.pin(NAME);
        } finally {
            Files.deleteIfExists(archive);
        }
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!present()) { // the CRI half of containerd learns of an image by an event
            if (System.nanoTime() - end > 0) {
                throw new IOException("containerd imported " + NAME + ", but its CRI does not show it after 10 s");
            }
            Thread.sleep(10);
        }
        LOG.info("Pause image imported image={}", NAME);
    }

    /** The image as an archive. */
    static byte[] image(String architecture) {
        return new OciArchive(NAME, architecture).entrypoint("/pause").file("/pause", 0755, PauseProgram.elf(architecture)).bytes();
    }
}

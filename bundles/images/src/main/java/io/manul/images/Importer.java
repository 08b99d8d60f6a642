package io.manul.images;

import io.manul.cri.ContainerRuntime;
import io.manul.cri.CriException;
import io.manul.cri.ImageArchives;
import io.manul.cri.v1.ImageSpec;
import io.manul.cri.v1.ImageStatusRequest;
import io.manul.cri.v1.PullImageRequest;
import io.manul.cri.v1.VersionRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does with one file of the folder what its name asks for: an archive is imported, a list is pulled. Used by one thread. */
final class Importer {

    private static final Logger LOG = LoggerFactory.getLogger(Importer.class);
    private static final List<String> READ_HERE = List.of(".tar", ".tar.gz", ".tgz");
    /** k3s takes most of these; the JDK unpacks only gzip. */
    private static final List<String> NOT_READ = List.of(".tar.zst", ".tzst", ".tar.bz2", ".tbz", ".tar.lz4", ".tar.xz", ".txz");
    private static final int LIST_LIMIT_BYTES = 1 << 20;

    private final ContainerRuntime runtime;
    private final ImageArchives archives;
    private final Record record;

    Importer(ContainerRuntime runtime, ImageArchives archives, Record record) {
        this.runtime = runtime;
        this.archives = archives;
        this.record = record;
    }

    /** What is of no concern: hidden files, halves of copies, folders, other endings. */
    static boolean concerns(Path file) {
        String name = file.getFileName().toString();
        return !name.startsWith(".") && (ends(name, READ_HERE) || ends(name, NOT_READ)
                || name.endsWith(".txt"));
    }

    static boolean archive(Path file) {
        return !file.getFileName().toString().endsWith(".txt");
    }

    private static boolean ends(String name, List<String> endings) {
        return endings.stream().anyMatch(name::endsWith);
    }

    /** Waits until the runtime answers. */
    void awaitRuntime() throws InterruptedException {
        for (boolean told = false;; told = true) {
            try {
                runtime.version(VersionRequest.getDefaultInstance());
                return;
            } catch (CriException e) {
                if (!told) {
                    LOG.info("Images wait for the container runtime why={}", e.getMessage());
                }
                Thread.sleep(500); // each call has waited by itself already
            }
        }
    }

    /** What fails is logged, with what to do. */
    void handle(Path file) throws InterruptedException {
        try {
            if (archive(file)) {
                archiveFile(file);
            } else {
                list(file);
            }
        } catch (IOException e) {
            LOG.error("Image file not imported; replace it, a changed file is tried again at once file={} why={}", file, e.getMessage());
        } catch (CriException e) {
            LOG.error("Image file not imported; it is tried again when it changes or at the next start file={} why={}", file,
                    e.getMessage());
        }
    }

    private void archiveFile(Path file) throws IOException, CriException, InterruptedException {
        String name = file.getFileName().toString();
        if (ends(name, NOT_READ)) {
            throw new IOException("this compression is not read here; unpack it, or compress it by gzip (.tar.gz)");
        }
        Record.Stamp stamp = Record.Stamp.of(file);
        Optional<Record.Entry> before = record.get(name);
        if (before.isPresent() && before.get().stamp().equals(stamp) && allThere(before.get().images())) {
            LOG.debug("Image archive did not change file={}", file);
            return;
        }
        long start = System.nanoTime();
        Set<String> images = ArchiveNames.of(file);
        archives.importArchive(file);
        for (String image : images) {
            archives.pin(image);
        }
        record.put(name, new Record.Entry(stamp, images));
        LOG.info("Image archive imported file={} images={} ms={}", file, images, (System.nanoTime() - start) / 1_000_000);
    }

    private boolean allThere(Set<String> images) throws CriException, InterruptedException {
        for (String image : images) {
            if (!there(image)) {
                return false;
            }
        }
        return true;
    }

    private boolean there(String image) throws CriException, InterruptedException {
        return runtime.imageStatus(ImageStatusRequest.newBuilder().setImage(spec(image)).build()).hasImage();
    }

    private static ImageSpec spec(String image) {
        return ImageSpec.newBuilder().setImage(image).build();
    }

    /** One image a line, # begins a comment. One that cannot be pulled does not keep the others. */
    private void list(Path file) throws IOException, InterruptedException {
        if (Files.size(file) > LIST_LIMIT_BYTES) {
            throw new IOException("a list of images has at most " + LIST_LIMIT_BYTES + " bytes");
        }
        for (String line : Files.readAllLines(file)) {
            String image = line.replaceFirst("#.*", "").strip();
            if (image.isEmpty()) {
                continue;
            }
            try {
                pull(ArchiveNames.full(image));
            } catch (CriException e) {
                LOG.error("Image of a list not pulled; it is tried again when the list changes or at the next start list={} image={}"
                        + " why={}", file, image, e.getMessage());
            }
        }
    }

    private void pull(String image) throws CriException, InterruptedException {
        if (!there(image)) {
            runtime.pullImage(PullImageRequest.newBuilder().setImage(spec(image)).build());
            archives.pin(image);
            LOG.info("Image of a list pulled image={}", image);
        }
    }
}

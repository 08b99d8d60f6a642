package io.manul.images;

import io.manul.cri.ContainerRuntime;
import io.manul.cri.CriException;
import io.manul.cri.ImageArchives;
import io.manul.cri.v1.Image;
import io.manul.cri.v1.ImageSpec;
import io.manul.cri.v1.ImageStatusRequest;
import io.manul.cri.v1.ListImagesRequest;
import io.manul.cri.v1.PullImageRequest;
import io.manul.cri.v1.VersionRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does with one file of the folder what its name asks for: an archive is imported, a list is pulled. Used by one thread. */
final class Importer {

    private static final Logger LOG = LoggerFactory.getLogger(Importer.class);
    private static final List<String> READ_HERE = List.of(".tar", ".tar.gz", ".tgz");
    /** The JDK reads no zstd, containerd does: which images came is seen by what is new. */
    private static final List<String> READ_BY_CONTAINERD = List.of(".tar.zst", ".tzst");
    private static final List<String> NOT_READ = List.of(".tar.bz2", ".tbz", ".tar.lz4", ".tar.xz", ".txz");
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
        return !name.startsWith(".") && (ends(name, READ_HERE) || ends(name, READ_BY_CONTAINERD) || ends(name, NOT_READ)
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
            throw new IOException("neither Java nor containerd reads this compression; compress it by gzip or zstd");
        }
        Record.Stamp stamp = Record.Stamp.of(file);
        Optional<Record.Entry> before = record.get(name);
        if (before.isPresent() && before.get().stamp().equals(stamp) && allThere(before.get().images())) {
            LOG.debug("Image archive did not change file={}", file);
            return;
        }
        long start = System.nanoTime();
        Set<String> images = ends(name, READ_HERE) ? known(file) : news(file);
        for (String image : images) {
            archives.pin(image);
        }
        if (!images.isEmpty()) {
            record.put(name, new Record.Entry(stamp, images));
        }
        LOG.info("Image archive imported file={} images={} ms={}", file, images, (System.nanoTime() - start) / 1_000_000);
    }

    private Set<String> known(Path file) throws IOException, CriException, InterruptedException {
        Set<String> names = ArchiveNames.of(file);
        archives.importArchive(file);
        return names;
    }

    private Set<String> news(Path file) throws CriException, InterruptedException {
        Set<String> before = present();
        archives.importArchive(file);
        Set<String> images = present();
        images.removeAll(before);
        return images;
    }

    private Set<String> present() throws CriException, InterruptedException {
        Set<String> names = new TreeSet<>();
        for (Image image : runtime.listImages(ListImagesRequest.getDefaultInstance()).getImagesList()) {
            names.addAll(image.getRepoTagsList());
        }
        return names;
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

package io.manul.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.manul.cri.ContainerRuntime;
import io.manul.cri.CriException;
import io.manul.cri.ImageArchives;
import io.manul.cri.oci.OciArchive;
import io.manul.cri.v1.Image;
import io.manul.cri.v1.ImageStatusRequest;
import io.manul.cri.v1.ImageStatusResponse;
import io.manul.cri.v1.PullImageRequest;
import io.manul.cri.v1.PullImageResponse;
import io.manul.cri.v1.VersionResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImagesRoomTest {

    @TempDir
    Path data;

    private final Set<String> there = new ConcurrentSkipListSet<>();
    private final BlockingQueue<String> done = new LinkedBlockingQueue<>();
    private Path folder;
    private ImagesRoom room;

    private final ImageArchives archives = new ImageArchives() {
        @Override
        public void importArchive(Path archive) throws CriException {
            try {
                there.addAll(ArchiveNames.of(archive));
            } catch (IOException e) {
                throw new CriException(CriException.Code.INVALID_ARGUMENT, e.getMessage());
            }
            done.add("import " + archive.getFileName());
        }

        @Override
        public void pin(String image) {
            done.add("pin " + image);
        }
    };

    private final ContainerRuntime runtime = (ContainerRuntime) Proxy.newProxyInstance(getClass().getClassLoader(),
            new Class<?>[] {ContainerRuntime.class}, (proxy, method, arguments) -> switch (arguments[0]) {
                case ImageStatusRequest ask when there.contains(ask.getImage().getImage()) ->
                    ImageStatusResponse.newBuilder().setImage(Image.getDefaultInstance()).build();
                case ImageStatusRequest ask -> ImageStatusResponse.getDefaultInstance();
                case PullImageRequest pull -> {
                    if (pull.getImage().getImage().contains("gone")) {
                        throw new CriException(CriException.Code.NOT_FOUND, "not in the registry");
                    }
                    done.add("pull " + pull.getImage().getImage());
                    yield PullImageResponse.getDefaultInstance();
                }
                default -> VersionResponse.getDefaultInstance();
            });

    @BeforeEach
    void make() throws Exception {
        folder = Files.createDirectories(data.resolve("agent/images"));
        room = new ImagesRoom(data, runtime, archives, Duration.ofMillis(40));
    }

    @AfterEach
    void end() throws Exception {
        room.end();
    }

    private void put(String file, String image) throws IOException {
        OciArchive.here(image).file("/f", 0644, new byte[10]).write(folder.resolve(file));
    }

    private List<String> next(int count) throws InterruptedException {
        List<String> all = new java.util.ArrayList<>();
        for (int i = 0; i < count; i++) {
            String one = done.poll(10, TimeUnit.SECONDS);
            assertTrue(one != null, "only " + all);
            all.add(one);
        }
        return all;
    }

    @Test
    void whatLiesThereIsImportedAndPinnedBeforeBeginReturns() throws Exception {
        put("b.tar", "manul.io/test/b:1");
        Files.writeString(folder.resolve("a.txt"), "# wanted\nbusybox:1 # short\n\nmanul.io/test/gone:1\nmanul.io/test/b:1\nx.example/y:2\n");
        room.begin(new byte[0]);
        assertEquals(List.of("import b.tar", "pin manul.io/test/b:1", "pull docker.io/library/busybox:1",
                "pin docker.io/library/busybox:1", "pull x.example/y:2", "pin x.example/y:2"), List.copyOf(done));
    }

    @Test
    void anUnchangedArchiveIsNotReadAgainByTheNextVersion() throws Exception {
        put("a.tar", "manul.io/test/a:1");
        room.begin(new byte[0]);
        byte[] state = room.end();
        done.clear();
        room = new ImagesRoom(data, runtime, archives, Duration.ofMillis(40));
        room.begin(state);
        assertTrue(done.isEmpty(), done.toString());
        room.end();
        there.clear(); // somebody removed the image
        room.begin(state);
        assertEquals(List.of("import a.tar", "pin manul.io/test/a:1"), List.copyOf(done));
    }

    @Test
    void whatComesLaterIsImportedOnceItIsWhole() throws Exception {
        room.begin(new byte[0]);
        put("c.tar", "manul.io/test/c:1");
        assertEquals(List.of("import c.tar", "pin manul.io/test/c:1"), next(2));
        byte[] whole = OciArchive.here("manul.io/test/d:1").file("/f", 0644, new byte[10]).bytes();
        Path slow = folder.resolve("d.tar");
        Files.write(slow, java.util.Arrays.copyOf(whole, 1000));
        Files.write(slow, whole);
        assertEquals(List.of("import d.tar", "pin manul.io/test/d:1"), next(2));
    }

    @Test
    void aBadFileDoesNotKeepTheOthers() throws Exception {
        Files.writeString(folder.resolve("a.tar"), "no archive");
        Files.writeString(folder.resolve("b.tar.zst"), "x");
        Files.writeString(folder.resolve("readme.md"), "not for us");
        put("z.tar", "manul.io/test/z:1");
        room.begin(new byte[0]);
        assertEquals(List.of("import z.tar", "pin manul.io/test/z:1"), next(2));
        put("a.tar", "manul.io/test/a:2");
        assertEquals(List.of("import a.tar", "pin manul.io/test/a:2"), next(2));
    }
}

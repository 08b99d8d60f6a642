package io.manul.images;

import io.manul.api.settings.Settings;
import io.manul.cri.ContainerRuntime;
import io.manul.cri.ImageArchives;
import java.nio.file.Path;
import java.time.Duration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceScope;

/** The room "images". Begins before the kubelet, and gives the folder a moment, so that first pods find their images. */
@Component(service = io.manul.api.component.Component.class)
public final class ImagesRoom implements io.manul.api.component.Component {

    /** As in k3s (K3S.md 1.11). */
    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final Duration HEAD_START = Duration.ofSeconds(3);

    private final Path data;
    private final ContainerRuntime runtime;
    private final ImageArchives archives;
    private final Duration quiet;
    private volatile Folder folder;

    @Activate
    public ImagesRoom(@Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) Settings settings,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) ContainerRuntime runtime,
            @Reference(scope = ReferenceScope.PROTOTYPE_REQUIRED) ImageArchives archives) {
        this(settings.dataDir(), runtime, archives, QUIET);
    }

    ImagesRoom(Path data, ContainerRuntime runtime, ImageArchives archives, Duration quiet) {
        this.data = data.toAbsolutePath();
        this.runtime = runtime;
        this.archives = archives;
        this.quiet = quiet;
    }

    @Override
    public String name() {
        return "images";
    }

    @Override
    public void begin(byte[] state) throws Exception {
        Record record = new Record(data.resolve("agent/containerd/imported-images"));
        Folder next = new Folder(data.resolve("agent/images"), new Importer(runtime, archives, record), record, quiet);
        next.begin();
        folder = next;
        next.awaitFirst(HEAD_START);
    }

    @Override
    public byte[] end() throws Exception {
        Folder last = folder;
        folder = null;
        if (last != null) {
            last.end();
        }
        return new byte[0];
    }

    @Override
    public Health health() {
        Folder now = folder;
        return now == null ? Health.IDLE : new Health(now.handled(), now.failed(), 0, "");
    }
}

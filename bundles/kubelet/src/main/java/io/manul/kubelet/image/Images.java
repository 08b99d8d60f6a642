package io.manul.kubelet.image;

import io.manul.client.Events;
import io.manul.cri.ContainerRuntime;
import io.manul.cri.CriException;
import io.manul.cri.v1.AuthConfig;
import io.manul.cri.v1.Image;
import io.manul.cri.v1.ImageSpec;
import io.manul.cri.v1.ImageStatusRequest;
import io.manul.cri.v1.PullImageRequest;
import io.manul.json.Obj;
import io.manul.kubelet.container.ConfigException;
import io.manul.kubelet.container.References;
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.pod.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** Sees to it that the image of a container is there, by its pull policy (Kubernetes, "Images"). Safe from any thread. */
public final class Images {

    private static final int PULLS_AT_ONCE = 2;

    private record Failure(Instant at, String message) {
    }

    private final ContainerRuntime runtime;
    private final Credentials credentials;
    private final Events events;
    private final InstantSource clock;
    private final Backoff backoff;
    private final Semaphore pulls = new Semaphore(PULLS_AT_ONCE, true);
    private final Map<String, Failure> failures = new ConcurrentHashMap<>();

    public Images(ContainerRuntime runtime, References references, Events events, InstantSource clock) {
        this.runtime = runtime;
        this.credentials = new Credentials(references);
        this.events = events;
        this.clock = clock;
        this.backoff = new Backoff(clock);
    }

    public Image ensure(Pod pod, Obj container) throws ImageException, CriException, InterruptedException {
        String name = container.text("image");
        Obj about = pod.about(container.text("name"));
        String policy = container.string("imagePullPolicy").orElseGet(() -> usual(name));
        Optional<Image> there = present(name);
        if (there.isPresent() && !policy.equals("Always")) {
            events.normal(about, "Pulled", "Container image \"" + name + "\" already present on machine");
            return there.get();
        }
        if (policy.equals("Never")) {
            String message = "Container image \"" + name + "\" is not present with pull policy of Never";
            events.warning(about, "ErrImageNeverPull", message);
            throw new ImageException("ErrImageNeverPull", message, Duration.ofMinutes(1));
        }
        String key = pod.uid() + "/" + name;
        Failure before = failures.get(key);
        Optional<Duration> left = before == null ? Optional.empty() : backoff.left(key, before.at);
        if (left.isPresent()) {
            events.normal(about, "BackOff", "Back-off pulling image \"" + name + "\"");
            events.warning(about, "Failed", "Error: ImagePullBackOff");
            throw new ImageException("ImagePullBackOff", "Back-off pulling image \"" + name + "\": ErrImagePull: " + before.message, left.get());
        }
        return pull(pod, name, about, key);
    }

    private static String usual(String image) {
        String last = image.substring(image.lastIndexOf('/') + 1);
        return last.endsWith(":latest") || !last.contains(":") && !last.contains("@") ? "Always" : "IfNotPresent";
    }

    private Optional<Image> present(String name) throws CriException, InterruptedException {
        var answer = runtime.imageStatus(ImageStatusRequest.newBuilder().setImage(ImageSpec.newBuilder().setImage(name)).build());
        return answer.hasImage() ? Optional.of(answer.getImage()) : Optional.empty();
    }

    private Image pull(Pod pod, String name, Obj about, String key) throws ImageException, CriException, InterruptedException {
        events.normal(about, "Pulling", "Pulling image \"" + name + "\"");
        Instant asked = clock.instant();
        pulls.acquire();
        try {
            Instant began = clock.instant();
            fetch(pod, name);
            Image image = present(name).orElseThrow(() -> new CriException(CriException.Code.NOT_FOUND, "image is not there after its pull"));
            failures.remove(key);
            backoff.forget(key);
            Instant now = clock.instant();
            events.normal(about, "Pulled", "Successfully pulled image \"" + name + "\" in " + words(Duration.between(began, now))
                    + " (" + words(Duration.between(asked, now)) + " including waiting). Image size: " + image.getSize() + " bytes.");
            return image;
        } catch (CriException | ConfigException | IllegalArgumentException e) {
            String message = e instanceof CriException c ? "rpc error: code = " + code(c) + " desc = " + c.getMessage() : e.getMessage();
            events.warning(about, "Failed", "Failed to pull image \"" + name + "\": " + message);
            events.warning(about, "Failed", "Error: ErrImagePull");
            Instant now = clock.instant();
            backoff.next(key, now);
            failures.put(key, new Failure(now, message));
            throw new ImageException("ErrImagePull", message, backoff.wait(key));
        } finally {
            pulls.release();
        }
    }

    /** gRPC's own spelling: {@code NotFound}. */
    private static String code(CriException e) {
        StringBuilder out = new StringBuilder();
        for (String word : e.code().name().split("_")) {
            out.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
        }
        return out.toString();
    }

    private void fetch(Pod pod, String name) throws CriException, ConfigException, InterruptedException {
        PullImageRequest.Builder request = PullImageRequest.newBuilder().setImage(ImageSpec.newBuilder().setImage(name));
        List<AuthConfig> all = credentials.of(pod, name);
        if (all.isEmpty()) {
            runtime.pullImage(request.build());
            return;
        }
        CriException refused = null;
        for (AuthConfig auth : all) {
            try {
                runtime.pullImage(request.setAuth(auth).build());
                return;
            } catch (CriException e) {
                refused = e;
            }
        }
        throw refused;
    }

    private static String words(Duration d) {
        return d.toMillis() < 1000 ? d.toMillis() + "ms" : String.format(Locale.ROOT, "%.3fs", d.toMillis() / 1000.0);
    }

    /** Forgets what was tried for a pod that is gone. */
    public void forget(String uid) {
        failures.keySet().removeIf(k -> k.startsWith(uid));
        backoff.forget(uid);
    }
}

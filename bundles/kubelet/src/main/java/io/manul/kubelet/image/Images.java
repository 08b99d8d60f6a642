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
import io.manul.kubelet.model.Pod;
import io.manul.kubelet.runtime.CriWords;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Brings images to this node by their containers' pull policies (Kubernetes, "Images", "Image pull policy"). A pull runs on a
 * virtual thread of its own and tells when it is over, so that a pod's worker never waits for a registry. Safe from any thread.
 */
public final class Images implements AutoCloseable {

    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration MOST = Duration.ofMinutes(5);

    /** What became of an image that a container needs. */
    public sealed interface Answer {
        record Here(Image image) implements Answer {
        }

        record OnItsWay() implements Answer {
        }

        /** @param again when it is worth to ask again */
        record Refused(String reason, String message, Duration again) implements Answer {
        }
    }

    /** One pull of an image for one start of a container. Written by its thread, read by the worker. */
    private static final class Pull {
        private final String image;
        private volatile Thread thread;
        private volatile Image done;
        private volatile String failure;
        private volatile Instant ended;
        private volatile Duration backoff = FIRST;
        private volatile boolean told;

        Pull(String image) {
            this.image = image;
        }

        boolean over() {
            return done != null || failure != null;
        }
    }

    private final ContainerRuntime runtime;
    private final Credentials credentials;
    private final Events events;
    private final InstantSource clock;
    private final Map<String, Pull> pulls = new ConcurrentHashMap<>();
    private volatile boolean closed;

    public Images(ContainerRuntime runtime, Credentials credentials, Events events, InstantSource clock) {
        this.runtime = runtime;
        this.credentials = credentials;
        this.events = events;
        this.clock = clock;
    }

    /** Where the image of a container is. @param changed called when a pull that this call began is over */
    public Answer ensure(Pod pod, Obj container, Runnable changed) throws CriException, InterruptedException {
        String image = container.text("image");
        String key = pod.uid() + "/" + container.text("name");
        Obj about = pod.about(container.text("name"));
        String policy = container.string("imagePullPolicy").orElse("IfNotPresent");
        Pull pull = pulls.get(key);
        if (pull != null && !pull.image.equals(image)) {
            forget(key, pull);
            pull = null;
        }
        if (pull != null && !pull.over()) {
            return new Answer.OnItsWay();
        }
        if (pull != null && pull.done != null) {
            pulls.remove(key, pull);
            return new Answer.Here(pull.done);
        }
        Optional<String> fault = ImageName.fault(image);
        if (fault.isPresent()) {
            if (pulls.putIfAbsent(key, failed(image, fault.get())) == null) {
                events.warning(about, "InspectFailed", fault.get());
                events.warning(about, "Failed", "Error: InvalidImageName");
            }
            return new Answer.Refused("InvalidImageName", fault.get(), FIRST);
        }
        if (!policy.equals("Always")) {
            Optional<Image> here = here(image);
            if (here.isPresent()) {
                pulls.remove(key);
                events.normal(about, "Pulled", "Container image \"" + image + "\" already present on machine");
                return new Answer.Here(here.get());
            }
            if (policy.equals("Never")) {
                String message = "Container image \"" + image + "\" is not present with pull policy of Never";
                if (pulls.putIfAbsent(key, failed(image, message)) == null) {
                    events.warning(about, "ErrImageNeverPull", message);
                    events.warning(about, "Failed", "Error: ErrImageNeverPull");
                }
                return new Answer.Refused("ErrImageNeverPull", message, FIRST);
            }
        }
        return pull == null ? begin(key, new Pull(image), pod, container, changed) : again(key, pull, pod, container, changed);
    }

    private Pull failed(String image, String message) {
        Pull p = new Pull(image);
        p.failure = message;
        p.ended = clock.instant();
        return p;
    }

    private Answer again(String key, Pull pull, Pod pod, Obj container, Runnable changed) {
        Duration left = Duration.between(clock.instant(), pull.ended.plus(pull.backoff));
        if (!left.isPositive()) {
            Pull next = new Pull(pull.image);
            next.backoff = pull.backoff.multipliedBy(2).compareTo(MOST) > 0 ? MOST : pull.backoff.multipliedBy(2);
            return begin(key, next, pod, container, changed);
        }
        if (!pull.told) {
            pull.told = true; // the failure itself is shown once
            return new Answer.Refused("ErrImagePull", pull.failure, Duration.ofSeconds(2).compareTo(left) < 0 ? Duration.ofSeconds(2) : left);
        }
        Obj about = pod.about(container.text("name"));
        events.normal(about, "BackOff", "Back-off pulling image \"" + pull.image + "\"");
        events.warning(about, "Failed", "Error: ImagePullBackOff");
        return new Answer.Refused("ImagePullBackOff", "Back-off pulling image \"" + pull.image + "\": ErrImagePull: " + pull.failure, left);
    }

    private Answer begin(String key, Pull pull, Pod pod, Obj container, Runnable changed) {
        if (closed) {
            return new Answer.OnItsWay();
        }
        pulls.put(key, pull);
        pull.thread = Thread.ofVirtual().name("pull-" + key).start(() -> {
            try {
                run(pull, pod, pod.about(container.text("name")));
                changed.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        return new Answer.OnItsWay();
    }

    private void run(Pull pull, Pod pod, Obj about) throws InterruptedException {
        Instant began = clock.instant();
        events.normal(about, "Pulling", "Pulling image \"" + pull.image + "\"");
        String failure;
        try {
            pull(pull.image, credentials.of(pod, pull.image));
            Optional<Image> image = here(pull.image);
            if (image.isPresent()) {
                long millis = Duration.between(began, clock.instant()).toMillis();
                events.normal(about, "Pulled", "Successfully pulled image \"" + pull.image + "\" in " + millis + "ms. Image size: "
                        + image.get().getSize() + " bytes.");
                pull.done = image.get();
                return;
            }
            failure = "the runtime pulled it but does not have it";
        } catch (CriException e) {
            failure = CriWords.rpc(e);
        } catch (ConfigException e) {
            failure = e.getMessage();
        }
        events.warning(about, "Failed", "Failed to pull image \"" + pull.image + "\": " + failure);
        events.warning(about, "Failed", "Error: ErrImagePull");
        pull.ended = clock.instant();
        pull.failure = failure;
    }

    private void pull(String image, List<AuthConfig> auths) throws CriException, InterruptedException {
        PullImageRequest.Builder request = PullImageRequest.newBuilder().setImage(ImageSpec.newBuilder().setImage(image));
        if (auths.isEmpty()) {
            runtime.pullImage(request.build());
            return;
        }
        CriException last = null;
        for (AuthConfig auth : auths) {
            try {
                runtime.pullImage(request.setAuth(auth).build());
                return;
            } catch (CriException e) {
                last = e;
            }
        }
        throw last;
    }

    private Optional<Image> here(String image) throws CriException, InterruptedException {
        var answer = runtime.imageStatus(ImageStatusRequest.newBuilder().setImage(ImageSpec.newBuilder().setImage(image)).build());
        return answer.hasImage() ? Optional.of(answer.getImage()) : Optional.empty();
    }

    /** The pod is no more: its pulls end. */
    public void forget(String uid) {
        pulls.forEach((key, pull) -> {
            if (key.startsWith(uid + "/")) {
                forget(key, pull);
            }
        });
    }

    private void forget(String key, Pull pull) {
        pulls.remove(key, pull);
        Thread t = pull.thread;
        if (t != null) {
            t.interrupt();
        }
    }

    @Override
    public void close() {
        closed = true;
        List<Thread> threads = pulls.values().stream().map(p -> p.thread).filter(t -> t != null).toList();
        threads.forEach(Thread::interrupt);
        try {
            for (Thread t : threads) {
                t.join(Duration.ofSeconds(1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        pulls.clear();
    }
}

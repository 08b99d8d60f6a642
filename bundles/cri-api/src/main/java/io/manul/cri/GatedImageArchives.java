package io.manul.cri;

import io.manul.api.gate.Gate;
import io.manul.api.gate.Unavailable;
import java.nio.file.Path;

/** The {@link ImageArchives} that callers hold: each call goes through the gate. An import is repeated without harm. */
public final class GatedImageArchives implements ImageArchives {

    private final Gate<ImageArchives> gate;

    public GatedImageArchives(Gate<ImageArchives> gate) {
        this.gate = gate;
    }

    @Override
    public void importArchive(Path archive) throws CriException, InterruptedException {
        try (Gate.Slot<ImageArchives> slot = enter()) {
            slot.service().importArchive(archive);
        }
    }

    @Override
    public void pin(String image) throws CriException, InterruptedException {
        try (Gate.Slot<ImageArchives> slot = enter()) {
            slot.service().pin(image);
        }
    }

    private Gate.Slot<ImageArchives> enter() throws CriException, InterruptedException {
        try {
            return gate.enter();
        } catch (Unavailable e) {
            if (Thread.interrupted()) {
                throw new InterruptedException(e.getMessage());
            }
            throw new CriException(CriException.Code.UNAVAILABLE, e.getMessage());
        }
    }
}

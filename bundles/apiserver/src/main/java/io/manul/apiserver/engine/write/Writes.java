package io.manul.apiserver.engine.write;

import io.manul.apiserver.engine.request.Core;

/** The three ways to write. */
public record Writes(Creator creator, Changer changer, Deleter deleter) {
    public static Writes of(Core core) {
        Steps steps = new Steps(core);
        Creator creator = new Creator(steps);
        Changer changer = new Changer(steps, creator);
        return new Writes(creator, changer, new Deleter(steps, changer));
    }
}

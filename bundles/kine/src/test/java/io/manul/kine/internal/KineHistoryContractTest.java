package io.manul.kine.internal;

import io.manul.datastore.engine.Limits;
import java.time.Duration;

/** The contract on SQLite with hardly any memory of recent changes: watches and old reads come from the file. */
class KineHistoryContractTest extends KineContractTest {

    @Override
    Limits limits() {
        return new Limits(300, Long.MAX_VALUE, Duration.ofSeconds(30));
    }
}

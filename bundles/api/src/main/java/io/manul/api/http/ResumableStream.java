package io.manul.api.http;

import java.util.Optional;
import java.util.concurrent.Callable;
import org.osgi.annotation.versioning.ProviderType;

/** A long answer that another version can go on with: the cursor says where. */
@ProviderType
public interface ResumableStream {

    /** Empty: from the start. Else what the last successful emit said. Opaque; its handler versions the format. */
    Optional<String> cursor();

    /** Queues the chunk and stores the cursor in one step: both or neither. Waits while the client is slow. */
    void emit(byte[] chunk, String cursor) throws Superseded, ClientGone, InterruptedException;

    /** The only region in which this thread is interrupted when it is superseded or its client is gone. */
    <T> T idle(Callable<T> wait) throws Exception;

    /** Ends the answer. */
    void end() throws Superseded;
}

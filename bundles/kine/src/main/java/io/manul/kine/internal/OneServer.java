package io.manul.kine.internal;

import io.manul.datastore.DatastoreException;
import io.manul.datastore.DatastoreException.Reason;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a second server off the same data directory. The kernel gives the lock back when the process dies. */
final class OneServer {

    private static final Logger LOG = LoggerFactory.getLogger(OneServer.class);

    private final Path path;
    private FileChannel channel;

    OneServer(Path path) {
        this.path = path;
    }

    void take() throws DatastoreException {
        FileLock lock;
        try {
            channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            lock = channel.tryLock();
        } catch (IOException e) {
            release();
            throw new DatastoreException(Reason.UNAVAILABLE, "cannot lock " + path + ": " + e);
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            release();
            throw new DatastoreException(Reason.UNAVAILABLE, "Another server works on " + path.getParent()
                    + " (it holds " + path.getFileName() + "). Stop it, or give this one its own --data-dir");
        }
    }

    void release() {
        try {
            if (channel != null) {
                channel.close();
                channel = null;
            }
        } catch (IOException e) {
            LOG.warn("The lock of the data directory did not close file={} why={}", path, e.toString());
        }
    }
}

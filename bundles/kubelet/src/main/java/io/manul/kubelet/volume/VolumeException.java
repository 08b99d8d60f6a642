package io.manul.kubelet.volume;

/** A volume cannot be made now: event FailedMount. Tried again. */
public final class VolumeException extends Exception {
    public VolumeException(String volume, String message) {
        super("MountVolume.SetUp failed for volume \"" + volume + "\" : " + message);
    }
}

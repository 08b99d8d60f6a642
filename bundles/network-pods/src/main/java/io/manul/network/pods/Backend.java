package io.manul.network.pods;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How packets for other nodes' pods leave this one. What is in the kernel stays there when this object goes. */
interface Backend {

    String name();

    /** Makes this node's end true. @param own pod ranges of this node @return annotations by which other nodes find it */
    Map<String, String> ensure(List<Cidr> own) throws IOException, InterruptedException;

    /** The ways to these peers' pods; what is there is replaced. */
    void add(List<Peer> peers) throws IOException, InterruptedException;

    /** Ways that were added; what is gone already is no error. */
    void remove(List<Peer> peers) throws IOException, InterruptedException;

    /** Removes every way that leads to none of these ranges, whoever left it. */
    void sweep(Set<Peer> kept) throws IOException, InterruptedException;

    /** Of the pods' interfaces. */
    int mtu();
}

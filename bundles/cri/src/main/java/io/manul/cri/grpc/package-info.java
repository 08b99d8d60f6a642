/** A gRPC client for one peer on a Unix socket: "gRPC over HTTP2" (grpc/doc/PROTOCOL-HTTP2.md) on Netty's HTTP/2 codec. */
package io.manul.cri.grpc;

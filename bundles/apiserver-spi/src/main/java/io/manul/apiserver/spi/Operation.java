package io.manul.apiserver.spi;

/** What a write does (admission.k8s.io/v1 Operation). */
public enum Operation { CREATE, UPDATE, DELETE, CONNECT }

/** PersistentVolume, PersistentVolumeClaim and storage.k8s.io: rules and defaults (API reference of each). */
package io.manul.apiserver.kinds.storage;

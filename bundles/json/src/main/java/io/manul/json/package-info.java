/**
 * JSON values as plain Java collections (RFC 8259): {@code Map<String,Object>} in document order, {@code List<Object>},
 * {@code String}, {@code Long}, {@code Double}, {@code BigInteger}, {@code Boolean}, {@code null}. No class of a room is
 * ever held: values cross a swap.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package io.manul.json;

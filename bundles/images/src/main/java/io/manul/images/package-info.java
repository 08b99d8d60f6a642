/** The air-gap image folder: archives in {@code agent/images} are imported, lists are pulled; no registry needed. */
package io.manul.images;

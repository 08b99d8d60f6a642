/**
 * What the inner rooms of the apiserver (engine, kinds, auth, openapi) say to each other. They are modules of their own and
 * are packaged into one bundle, which is replaced as one.
 */
package io.manul.apiserver.spi;

/** From an exchange to a verb: who asks for what, may they, and in which form the answer goes out. */
package io.manul.apiserver.engine.request;

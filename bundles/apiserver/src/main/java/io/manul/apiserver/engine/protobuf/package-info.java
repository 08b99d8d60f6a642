/** Request bodies in the Kubernetes protobuf encoding, which stock kubectl uses to create typed objects. */
package io.manul.apiserver.engine.protobuf;

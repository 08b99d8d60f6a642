package io.manul.apiserver.engine.kind;

/** Marks the model of a custom resource. */
public interface CustomModel extends Model {
}

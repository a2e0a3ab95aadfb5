namespace BlazorAdmin.Benchmarks.Circuits;

/// <summary>One edit of a component's tree; <paramref name="Frame"/> is the frame's index or, in a permutation, the target.</summary>
internal readonly record struct Edit(EditType Type, int Sibling, int Frame, int RemovedName);

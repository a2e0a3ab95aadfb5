namespace BlazorAdmin.Benchmarks.Circuits;

/// <summary>
/// A frame as it lies in the batch: the first field is a subtree length (element, component, region) or a text's index
/// (others), the second a text's index or a component's id, the last an event handler's id.
/// </summary>
internal readonly record struct Frame(FrameType Type, int First, int Second, ulong Handler);

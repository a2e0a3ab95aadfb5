namespace BlazorAdmin.Shell.Controls;

/// <summary>What a view of data can show; every data view handles each of them.</summary>
public enum ViewState
{
    Loading,
    Ready,

    /// <summary>There is nothing yet.</summary>
    Empty,

    /// <summary>There is something, but the filter lets none through.</summary>
    EmptyFiltered,
    Forbidden,
    Failed,
}

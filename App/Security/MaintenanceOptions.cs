using System.ComponentModel.DataAnnotations;

namespace BlazorAdmin.Security;

/// <summary>Section <c>Maintenance</c>: everybody reads, nobody but those with <c>settings.manage</c> changes anything.</summary>
public sealed class MaintenanceOptions
{
    public const string Section = "Maintenance";

    /// <summary>True while the portal is in maintenance.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>What the banner says beside that the portal is in maintenance; null: nothing more.</summary>
    [StringLength(300)]
    public string? Message { get; set; }

    /// <summary>When it is expected to be over, as the banner announces it; the maintenance ends when it is switched off, not by itself. Null: not announced.</summary>
    public DateTimeOffset? Until { get; set; }

    internal MaintenanceNotice? Notice => ReadOnly ? new MaintenanceNotice(string.IsNullOrWhiteSpace(Message) ? null : Message.Trim(), Until) : null;
}

/// <summary>What people are told while the portal is in maintenance.</summary>
public sealed record MaintenanceNotice(string? Message, DateTimeOffset? Until);

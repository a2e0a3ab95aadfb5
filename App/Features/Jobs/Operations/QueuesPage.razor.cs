using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Live;
using Microsoft.AspNetCore.Components;

namespace BlazorAdmin.Features.Jobs.Operations;

/// <summary>Queues with their types: what waits and runs, pauses, and the rules of a type beside them.</summary>
public sealed partial class QueuesPage
{
    private const string Path = "/admin/jobs/queues";

    private IReadOnlyList<QueueView> _queues = [];
    private (PauseScope Scope, string Name)? _asked;

    /// <summary>The type whose rules are open.</summary>
    [SupplyParameterFromQuery(Name = "type")] public string? Selected { get; set; }

    [Inject] private JobRulesService Rules { get; init; } = null!;

    [Inject] private Topic<JobRulesChanged> RuleChanges { get; init; } = null!;

    [Inject] private Topic<JobChanged> JobChanges { get; init; } = null!;

    protected override void Subscribe()
    {
        base.Subscribe();
        Watch(RuleChanges);
        Watch(JobChanges);
    }

    protected override async Task ReadAsync(CancellationToken cancellation) => _queues = await Rules.QueuesAsync(cancellation);

    private (QueueView Queue, TypeView Type)? Find(string name)
    {
        foreach (var queue in _queues)
            if (queue.Types.FirstOrDefault(t => t.Name == name) is { } type)
                return (queue, type);
        return null;
    }

    private static string LinkTo(string type) => $"{Path}?type={Uri.EscapeDataString(type)}";

    private string Wait(DateTimeOffset? oldest, DateTimeOffset now) => oldest is { } since ? Display.Duration(now - since) : "–";

    private void AskPause(PauseScope scope, string name) => _asked = (scope, name);

    private void Close() => Navigation.NavigateTo(Path);
}

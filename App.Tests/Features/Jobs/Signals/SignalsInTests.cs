using BlazorAdmin.Features.Jobs.Signals;
using BlazorAdmin.Live;
using BlazorAdmin.Tests.Live;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAdmin.Tests.Features.Jobs.Signals;

internal static class SignalsInTests
{
    /// <summary>What the list of signals on the pages of jobs needs.</summary>
    public static IServiceCollection AddSignalList(this IServiceCollection services) =>
        services.AddSingleton(new Topic<SignalsChanged>("jobs.signals", new RecordingBus(), NullLogger<Topic<SignalsChanged>>.Instance)).AddScoped<SignalsService>();
}

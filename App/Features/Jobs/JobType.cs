using System.Reflection;
using System.Text.Json;
using BlazorAdmin.Features.Jobs.Rules;

namespace BlazorAdmin.Features.Jobs;

/// <summary>A registered type of job: its name, its rules, and how to run it.</summary>
public sealed class JobType
{
    private readonly Func<IServiceProvider, string, JobContext, CancellationToken, Task> _run;

    private JobType(JobTypeAttribute rules, Type arguments, Type handler, Func<IServiceProvider, string, JobContext, CancellationToken, Task> run)
    {
        Rules = rules;
        Retry = rules.Retry is { } retry ? RetryStrategy.Parse(retry) : null;
        Arguments = arguments;
        Handler = handler;
        _run = run;
    }

    public JobTypeAttribute Rules { get; }

    public string Name => Rules.Name;

    /// <summary>The type's own strategy; null for the portal's.</summary>
    public RetryStrategy? Retry { get; }

    public Type Arguments { get; }

    public Type Handler { get; }

    public static JobTypeAttribute RulesOf(Type arguments) =>
        arguments.GetCustomAttribute<JobTypeAttribute>() ?? throw new InvalidOperationException($"{arguments.Name} lacks [JobType(\"...\")].");

    public static JobType Of<TArguments, THandler>() where TArguments : class where THandler : class, IJobHandler<TArguments> =>
        new(RulesOf(typeof(TArguments)), typeof(TArguments), typeof(THandler), async (services, json, context, cancellation) =>
        {
            TArguments arguments;
            try
            {
                arguments = JsonSerializer.Deserialize<TArguments>(json, JsonSerializerOptions.Web) ?? throw new JsonException("null");
            }
            catch (JsonException exception)
            {
                throw new JobFailedException($"The arguments of {RulesOf(typeof(TArguments)).Name} cannot be read: {exception.Message}", exception);
            }

            await services.GetRequiredService<THandler>().RunAsync(arguments, context, cancellation);
        });

    /// <summary>Runs the handler from the scope <paramref name="services"/>.</summary>
    public Task RunAsync(IServiceProvider services, string argumentsJson, JobContext context, CancellationToken cancellation) =>
        _run(services, argumentsJson, context, cancellation);
}

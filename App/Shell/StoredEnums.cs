using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Backup;
using BlazorAdmin.Features.Documents;
using BlazorAdmin.Features.Documents.Classification;
using BlazorAdmin.Features.Documents.Collections;
using BlazorAdmin.Features.Documents.Extraction;
using BlazorAdmin.Features.Documents.Intake;
using BlazorAdmin.Features.Documents.Reading;
using BlazorAdmin.Features.Documents.Validation;
using BlazorAdmin.Features.Jobs;
using BlazorAdmin.Features.Jobs.Following;
using BlazorAdmin.Features.Jobs.Rules;
using BlazorAdmin.Features.Jobs.Schedules;
using BlazorAdmin.Features.Jobs.Signals;
using BlazorAdmin.Features.Mail;
using BlazorAdmin.Features.Monitor;
using BlazorAdmin.Features.Monitor.Store;
using BlazorAdmin.Features.Notifications;
using BlazorAdmin.Features.Users;
using BlazorAdmin.Security;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.Json;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace BlazorAdmin.Shell;

/// <summary>
/// The enumerations that are columns. Entity Framework makes their converters and comparers by reflection, which a
/// compiler ahead of time does not see: some thirty methods each, a quarter of what a start had to compile. Named here,
/// they are in the published image.
/// </summary>
internal static class StoredEnums
{
    private static readonly (Type Type, Action Make)[] Kinds =
    [
        Kind<AuditOutcome>(), Kind<BackupState>(), Kind<CollectionRight>(), Kind<ContentType>(), Kind<Density>(), Kind<DocumentOrigin>(),
        Kind<DocumentState>(), Kind<ExtractionRuleKind>(), Kind<FollowOn>(), Kind<JobOutcome>(), Kind<JobState>(), Kind<LogLevel>(),
        Kind<MailState>(), Kind<MentionState>(), Kind<MetricFamily>(), Kind<MetricKind>(), Kind<MetricLevel>(), Kind<MissedPolicy>(),
        Kind<ModelState>(), Kind<NotificationLevel>(), Kind<NotificationMail>(), Kind<OverlapPolicy>(), Kind<PauseScope>(), Kind<ReadOutcome>(),
        Kind<SessionEnd>(), Kind<SignInLinkKind>(), Kind<SignInMethod>(), Kind<SignalKind>(), Kind<TextOrigin>(), Kind<Theme>(), Kind<TickOutcome>(),
        Kind<TypeSource>(), Kind<UniqueUntil>(), Kind<ValidationKind>(), Kind<WatchedFileState>(),
    ];

    /// <summary>What is named; a test compares it with the model.</summary>
    public static IEnumerable<Type> Types => Kinds.Select(k => k.Type);

    private static (Type Type, Action Make) Kind<T>() where T : struct, Enum => (typeof(T), Make<T>);

    // Never run: that it stands here is what makes the compiler see these types.
    private static void Make<T>() where T : struct, Enum
    {
        var converter = new EnumToStringConverter<T>();
        var comparer = new ValueComparer<T>(favorStructuralComparisons: false);
        _ = ValueComparer.CreateDefault<T>(favorStructuralComparisons: false);
        _ = EnumToStringConverter<T>.DefaultInfo;
        var reader = new JsonConvertedValueReaderWriter<T, string>(JsonStringReaderWriter.Instance, converter);
        GC.KeepAlive((
            converter.ModelClrType, converter.ProviderClrType, converter.ConvertFromProvider, converter.ConvertToProvider, converter.ConvertToProviderExpression,
            converter.ConvertFromProviderExpression, comparer.Type, comparer.EqualsExpression, comparer.HashCodeExpression, comparer.SnapshotExpression, reader.ValueType));
    }
}

using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace BlazorAdmin.Features.Jobs.Schedules;

public sealed class ScheduleEntryConfiguration : IEntityTypeConfiguration<ScheduleEntry>
{
    public void Configure(EntityTypeBuilder<ScheduleEntry> builder)
    {
        builder.ToTable("JobSchedules");
        builder.HasKey(s => s.Name);
        builder.Property(s => s.Name).HasMaxLength(100);
        builder.Property(s => s.Type).HasMaxLength(100);
        builder.Property(s => s.Cron).HasMaxLength(200);
        builder.Property(s => s.TimeZone).HasMaxLength(100);
        builder.Property(s => s.Calendar).HasMaxLength(100);
        builder.Property(s => s.PauseReason).HasMaxLength(400);
        builder.Property(s => s.PausedBy).HasMaxLength(200);
    }
}

public sealed class ScheduleMarkConfiguration : IEntityTypeConfiguration<ScheduleMark>
{
    public void Configure(EntityTypeBuilder<ScheduleMark> builder)
    {
        builder.ToTable("JobScheduleMarks");
        builder.HasKey(m => m.Schedule);
        builder.Property(m => m.Schedule).HasMaxLength(100);
    }
}

public sealed class HolidayCalendarConfiguration : IEntityTypeConfiguration<HolidayCalendar>
{
    public void Configure(EntityTypeBuilder<HolidayCalendar> builder)
    {
        builder.ToTable("HolidayCalendars");
        builder.HasKey(c => c.Name);
        builder.Property(c => c.Name).HasMaxLength(100);
    }
}

public sealed class JobTickConfiguration : IEntityTypeConfiguration<JobTick>
{
    public void Configure(EntityTypeBuilder<JobTick> builder)
    {
        builder.ToTable("JobTicks");
        builder.HasKey(t => new { t.Schedule, t.DueAt });
        builder.Property(t => t.Schedule).HasMaxLength(100);
        builder.Property(t => t.Node).HasMaxLength(100);
        builder.HasIndex(t => t.DueAt);
    }
}

package io.manul.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Times as robfig/cron's own table has them (spec_test.go), and refusals in its words. */
class CronScheduleTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "2012-07-09T14:45:00Z | 0/15 * * * *        | 2012-07-09T15:00:00Z",
        "2012-07-09T14:59:59Z | 0/15 * * * *        | 2012-07-09T15:00:00Z",
        "2012-07-09T15:45:00Z | 20-35/15 * * * *    | 2012-07-09T16:20:00Z",
        "2012-07-09T23:46:00Z | */15 * * * *        | 2012-07-10T00:00:00Z",
        "2012-07-09T23:35:51Z | 15/35 20-23/15 * * *| 2012-07-10T20:15:00Z",
        "2012-07-09T23:35:00Z | 0 0 9 Apr-Oct ?     | 2012-08-09T00:00:00Z",
        "2012-07-09T23:35:00Z | 0 0 */5 Apr,Aug,Oct Mon | 2012-08-01T00:00:00Z",
        "2012-07-09T23:35:00Z | 0 0 */5 Oct Mon     | 2012-10-01T00:00:00Z",
        "2012-07-09T23:35:00Z | 0 0 * Feb Mon       | 2013-02-04T00:00:00Z",
        "2012-07-09T23:35:00Z | 0 0 29 Feb ?        | 2016-02-29T00:00:00Z",
        "2012-07-09T23:35:00Z | 0 0 1,15 * Sun      | 2012-07-15T00:00:00Z",
        "2012-07-09T23:35:00Z | 0 0 30 Feb ?        | never",
        "2012-07-09T15:00:00Z | @every 1h30m10s     | 2012-07-09T16:30:10Z",
        "2012-07-09T15:00:00Z | @every 100ms        | 2012-07-09T15:00:01Z",
        "2012-07-09T15:00:00Z | @hourly             | 2012-07-09T16:00:00Z",
        "2012-07-09T15:00:00Z | @weekly             | 2012-07-15T00:00:00Z",
        "2012-07-09T15:00:00Z | @yearly             | 2013-01-01T00:00:00Z",
        "2012-07-09T15:00:00Z | TZ=America/New_York 0 12 * * *   | 2012-07-09T16:00:00Z",
        "2012-07-09T15:00:00Z | CRON_TZ=Asia/Tokyo 0 0 * * *     | 2012-07-10T15:00:00Z",
        // the clocks go forward at 2:00 and back at 2:00
        "2012-03-11T06:30:00Z | TZ=America/New_York 30 2 * * *   | 2012-03-12T06:30:00Z",
        "2012-03-11T05:00:00Z | TZ=America/New_York 0 * * * *    | 2012-03-11T06:00:00Z",
        "2012-03-11T06:00:00Z | TZ=America/New_York 0 * * * *    | 2012-03-11T07:00:00Z",
        "2012-11-04T04:00:00Z | TZ=America/New_York 30 1 * * *   | 2012-11-04T05:30:00Z",
        "2012-11-04T05:30:00Z | TZ=America/New_York 30 1 * * *   | 2012-11-04T06:30:00Z",
        "2018-11-03T17:30:00Z | TZ=America/Sao_Paulo 0 0 9 10 ?  | 2019-10-09T03:00:00Z"})
    void theNextTime(String after, String schedule, String next) {
        assertEquals(next, CronSchedule.parse(schedule, ZoneOffset.UTC).next(Instant.parse(after)).map(Instant::toString).orElse("never"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''              | empty spec string",
        "* * * *         | expected exactly 5 fields, found 4: [* * * *]",
        "* * * * * *     | expected exactly 5 fields, found 6: [* * * * * *]",
        "5-6-7 * * * *   | too many hyphens: 5-6-7",
        "1/2/3 * * * *   | too many slashes: 1/2/3",
        "60 * * * *      | end of range (60) above maximum (59): 60",
        "* * 0 * *       | beginning of range (0) below minimum (1): 0",
        "7-3 * * * *     | beginning of range (7) beyond end of range (3): 7-3",
        "*/0 * * * *     | step of range should be a positive number: */0",
        "-5 * * * *      | failed to parse int from : strconv.Atoi: parsing \"\": invalid syntax",
        "x * * * *       | failed to parse int from x: strconv.Atoi: parsing \"x\": invalid syntax",
        "@unknown        | unrecognized descriptor: @unknown",
        "@every 5x       | failed to parse duration @every 5x: time: invalid duration \"5x\"",
        "TZ=Moon/Base 0 * * * * | provided bad location Moon/Base: unknown time zone Moon/Base",
        "TZ=UTC          | no schedule follows the time zone: TZ=UTC"})
    void whatIsNoScheduleIsRefusedWithTheReason(String text, String why) {
        assertEquals(why, assertThrows(IllegalArgumentException.class, () -> CronSchedule.parse(text, ZoneOffset.UTC)).getMessage());
    }
}

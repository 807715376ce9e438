// SPDX-License-Identifier: GPL-3.0-or-later
// What a pod's status is to a person.
#include "server/backends/kubernetes/pod_state.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace berth::server::kubernetes {
namespace {

using protocol::Json;
using testing::AllOf;
using testing::HasSubstr;

Json pod_with(const std::string& status) {
  return Json::parse(R"({"metadata":{"uid":"u-1","labels":{"berth.dev/workspace":"abcdefghij"},)"
                     R"("annotations":{"berth.dev/runner-key":"KEY"}},)"
                     R"("spec":{"nodeName":"node1","containers":[{"name":"workspace",)"
                     R"("resources":{"limits":{"memory":"536870912"}}}]},"status":)" +
                     status + "}");
}

PodState state_with(const std::string& status) { return pod_state(pod_with(status)); }

TEST(PodState, OneThatRunsHasAnAddressAndAKey) {
  const auto state = state_with(
      R"({"phase":"Running","podIP":"10.244.0.5","containerStatuses":[{"name":"workspace","state":{"running":{}}}]})");
  EXPECT_EQ(state.state, BackendState::running);
  EXPECT_EQ(state.address, "10.244.0.5");
  EXPECT_EQ(state.runner_key, "KEY");
  EXPECT_EQ(state.workspace, "abcdefghij");
  EXPECT_EQ(state.uid, "u-1");
  EXPECT_EQ(state.node, "node1");
  EXPECT_EQ(state.reason, "");
}

TEST(PodState, WithoutAnAddressOrARunningContainerItStarts) {
  EXPECT_EQ(state_with(R"({"phase":"Pending"})").state, BackendState::starting);
  EXPECT_EQ(state_with("{}").state, BackendState::starting);
  EXPECT_EQ(
      state_with(
          R"({"phase":"Running","podIP":"10.0.0.1","containerStatuses":[{"name":"workspace","state":{}}]})")
          .state,
      BackendState::starting);
  EXPECT_EQ(
      state_with(R"({"phase":"Running","containerStatuses":[{"name":"workspace","state":{"running":{}}}]})")
          .state,
      BackendState::starting);
}

TEST(PodState, SaysWhichStepOfItsStartIsUnderWay) {
  auto unplaced = pod_with(R"({"phase":"Pending"})");
  unplaced["spec"].erase("nodeName");
  using protocol::rest::StartPhase;
  EXPECT_EQ(pod_state(unplaced).doing, "It is given a place in the cluster.");
  EXPECT_EQ(pod_state(unplaced).phase, StartPhase::place);
  EXPECT_EQ(state_with(R"({"phase":"Pending"})").phase, StartPhase::files);
  EXPECT_EQ(state_with(R"({"phase":"Pending"})").doing, "Its home is made ready.");
  const std::string prepared =
      R"({"phase":"Pending","initContainerStatuses":[{"name":"prepare","state":{"terminated":{"exitCode":0}}}],)";
  EXPECT_EQ(
      state_with(prepared + R"("containerStatuses":[{"name":"workspace","state":{"waiting":{}}}]})").doing,
      "Its image is fetched.");
  EXPECT_EQ(
      state_with(prepared + R"("containerStatuses":[{"name":"workspace","state":{"running":{}}}]})").doing,
      "Its runner starts.");
  EXPECT_EQ(
      state_with(prepared + R"("containerStatuses":[{"name":"workspace","state":{"waiting":{}}}]})").phase,
      StartPhase::image);
  EXPECT_EQ(
      state_with(prepared + R"("containerStatuses":[{"name":"workspace","state":{"running":{}}}]})").phase,
      StartPhase::runner);
  EXPECT_EQ(
      state_with(
          R"({"phase":"Running","podIP":"10.0.0.1","containerStatuses":[{"name":"workspace","state":{"running":{}}}]})")
          .phase,
      std::nullopt);
}

TEST(PodState, OneThatIsReadyForSomebodyIsSoUntilItIsClaimed) {
  auto pod = pod_with(R"({"phase":"Pending"})");
  EXPECT_EQ(pod_state(pod).ready, "");
  pod["metadata"]["labels"]["berth.dev/ready"] = "python";
  pod["metadata"]["annotations"]["berth.dev/ready-mark"] = "abc";
  pod["metadata"]["resourceVersion"] = "17";
  EXPECT_EQ(pod_state(pod).ready, "python");
  EXPECT_EQ(pod_state(pod).mark, "abc");
  EXPECT_EQ(pod_state(pod).revision, "17");
  pod["metadata"]["labels"]["berth.dev/ready"] = "berth.taking";
  EXPECT_EQ(pod_state(pod).ready, "berth.taking") << "nobody's yet";
  pod["metadata"]["labels"]["berth.dev/ready"] = "berth.claimed";
  EXPECT_EQ(pod_state(pod).ready, "");
  pod["metadata"]["labels"]["berth.dev/ready"] = "claimed";
  EXPECT_EQ(pod_state(pod).ready, "claimed") << "a template's name like any other";
}

TEST(PodState, SaysWhyItDoesNotStartYet) {
  const auto full = state_with(
      R"({"phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable",)"
      R"("message":"0/3 nodes are available: 3 Insufficient memory."}]})");
  EXPECT_EQ(full.state, BackendState::starting);
  EXPECT_THAT(full.reason, AllOf(HasSubstr("No node"), HasSubstr("Insufficient memory")));
  EXPECT_FALSE(full.hopeless) << "a node may come";

  for (const char* reason : {"ErrImagePull", "ImagePullBackOff"}) {
    const auto pull =
        state_with(std::string(R"({"phase":"Pending","containerStatuses":[{"name":"workspace",)"
                               R"("image":"registry/python:3","state":{"waiting":{"reason":")") +
                   reason + R"(","message":"manifest unknown"}}}]})");
    EXPECT_THAT(pull.reason,
                AllOf(HasSubstr("registry/python:3 can't be pulled"), HasSubstr("manifest unknown")));
    EXPECT_FALSE(pull.hopeless);
  }
  const auto name = state_with(
      R"({"phase":"Pending","initContainerStatuses":[{"name":"prepare","image":"BAD","state":{"waiting":{"reason":"InvalidImageName"}}}]})");
  EXPECT_TRUE(name.hopeless);
  EXPECT_EQ(
      state_with(
          R"({"phase":"Pending","containerStatuses":[{"name":"workspace","state":{"waiting":{"reason":"PodInitializing"}}}]})")
          .reason,
      "");
}

TEST(PodState, SaysHowItEnded) {
  const auto ended = [](const std::string& terminated) {
    return state_with(R"({"phase":"Failed","containerStatuses":[{"name":"workspace","state":{"terminated":)" +
                      terminated + "}}]}");
  };
  const auto memory = ended(R"({"exitCode":137,"reason":"OOMKilled"})");
  EXPECT_EQ(memory.state, BackendState::failed);
  EXPECT_EQ(memory.reason, "The workspace was ended because it reached its memory limit of 512 MiB.");
  EXPECT_EQ(ended(R"({"exitCode":137,"reason":"Error"})").reason,
            "The workspace's runner was ended by signal 9.");
  EXPECT_EQ(ended(R"({"exitCode":3,"reason":"Error"})").reason,
            "The workspace's runner ended with status 3.");
  EXPECT_EQ(ended(R"({"exitCode":0,"reason":"Completed"})").reason,
            "The workspace's runner ended with status 0.");
  EXPECT_THAT(
      state_with(R"({"phase":"Failed","reason":"Evicted","message":"The node was low on resource: memory."})")
          .reason,
      AllOf(HasSubstr("evicted"), HasSubstr("low on resource")));
  EXPECT_THAT(
      state_with(
          R"({"phase":"Failed","reason":"Evicted","message":"Pod ephemeral local storage usage exceeds the total limit of containers 536870912. "})")
          .reason,
      HasSubstr("wrote more outside of its home than they may (Pod ephemeral"));
  EXPECT_EQ(
      state_with(
          R"({"phase":"Failed","reason":"Evicted","message":"Container workspace exceeded its local ephemeral storage limit \"1Gi\". "})")
          .reason,
      "The workspace was ended because its programs wrote more outside of its home than they may "
      "(Container workspace exceeded its local ephemeral storage limit \"1Gi\".).");
  EXPECT_THAT(state_with(R"({"phase":"Failed","reason":"NodeLost"})").reason, HasSubstr("went away"));
  EXPECT_THAT(state_with(R"({"phase":"Failed","reason":"OutOfmemory"})").reason, HasSubstr("refused"));
  EXPECT_EQ(state_with(R"({"phase":"Failed"})").reason, "The workspace's pod ended.");
}

TEST(PodState, TheContainerThatFailedFirstSaysIt) {
  const auto state = state_with(
      R"({"phase":"Failed","initContainerStatuses":[{"name":"prepare","state":{"terminated":{"exitCode":1,"message":"no space"}}}],)"
      R"("containerStatuses":[{"name":"workspace","state":{"waiting":{"reason":"PodInitializing"}}}]})");
  EXPECT_EQ(state.reason, "The workspace's preparation ended with status 1 (no space).");
}

TEST(PodState, AContainerThatEndedIsToldBeforeThePhaseIs) {
  EXPECT_EQ(
      state_with(
          R"({"phase":"Running","podIP":"10.0.0.1","containerStatuses":[{"name":"workspace","state":{"terminated":{"exitCode":1}}}]})")
          .state,
      BackendState::failed);
}

TEST(PodState, OneThatIsBeingDeletedStops) {
  auto pod = pod_with(
      R"({"phase":"Running","podIP":"10.0.0.1","containerStatuses":[{"name":"workspace","state":{"running":{}}}]})");
  pod["metadata"]["deletionTimestamp"] = "2026-11-22T01:00:00Z";
  EXPECT_EQ(pod_state(pod).state, BackendState::stopping);
  pod["status"]["phase"] = "Failed";
  EXPECT_EQ(pod_state(pod).state, BackendState::stopping) << "until it is gone no other may start";
}

TEST(PodState, ANodeThatDoesNotAnswerIsNoEnd) {
  const auto state = state_with(R"({"phase":"Unknown","podIP":"10.0.0.1"})");
  EXPECT_EQ(state.state, BackendState::running);
  EXPECT_THAT(state.reason, HasSubstr("does not answer"));
}

TEST(PodState, WhateverIsInAPodIsTaken) {
  for (
      const char* pod :
      {"null", "[]", "5", R"({"metadata":5,"status":[],"spec":"x"})",
       R"({"status":{"phase":7,"conditions":[5],"containerStatuses":[null,{"state":[]}]}})",
       R"({"status":{"phase":"Failed","containerStatuses":[{"state":{"terminated":{"exitCode":"x"}}}]}})",
       R"({"spec":{"containers":[{"resources":{"limits":{"memory":"99999999999999999999999"}}}]},)"
       R"("status":{"phase":"Failed","containerStatuses":[{"name":"workspace","state":{"terminated":{"reason":"OOMKilled"}}}]}})"})
    EXPECT_NO_THROW(pod_state(Json::parse(pod))) << pod;
}

}  // namespace
}  // namespace berth::server::kubernetes
